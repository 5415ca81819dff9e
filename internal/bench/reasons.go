package main

// reasons says, by its name, why a target is not met. The page has it only as long as that is so.
var reasons = map[string]string{
	"plan": "the floor's objects have four attributes, a NAT rule has 62, and what Terraform itself does with an object grows with them: it " +
		"decodes, compares, copies and encodes each several times. The column *of the CLI* has its part; what is left is the provider's, about " +
		"half of which is that each configuration is validated: there the plugin framework looks up each attribute by a copy of the schema.",
	"plan beside the peer": "both wait for the same Terraform, whose own part, see *of the CLI*, is most of either. What a provider can save is " +
		"its own processor time and the router's answers; the slower the router, the more the peer's print for each rule weighs.",
	"create beside the peer":  createsAndDestroys,
	"create":                  createsAndDestroys,
	"destroy beside the peer": createsAndDestroys,
	"destroy":                 createsAndDestroys,
}

const createsAndDestroys = "after each object that it applies, Terraform writes the whole state to its file, as JSON, to find out first whether it " +
	"differs. That is most of the time, see *of the CLI*, and it grows with the square of the number of rules, and with their 62 attributes, " +
	"of which the floor has four. The provider adds one command and one print for each rule, or only the command where it is removed."
