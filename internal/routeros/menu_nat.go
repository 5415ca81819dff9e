package routeros

// DstNAT is the chain dstnat of /ip/firewall/nat. Its rules have no name; their comment is what they are known by.
// The words stand in the order in which RouterOS lets them be set; they are unset in the opposite one (a port cannot
// outlive its protocol).
var DstNAT = &Menu{
	Noun:  "dst-nat rule",
	Key:   "comment",
	Fixed: map[string]string{"chain": "dstnat"},
	Paths: []Path{{Path: "/ip/firewall/nat"}},
	Words: []Word{
		{Name: "action", Default: "accept", Fixed: true},
		{Name: "protocol"},
		{Name: "dst-port"},
		{Name: "src-address"},
		{Name: "dst-address"},
		{Name: "in-interface"},
		{Name: "in-interface-list"},
		{Name: "to-addresses"},
		{Name: "to-ports"},
		{Name: "comment", Fixed: true},
		{Name: "disabled", Default: "no", Fixed: true},
	},
}
