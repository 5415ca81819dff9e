package metallb

import (
	"fmt"
	"strconv"
	"strings"
)

const mostCommunities = 63

// lengthField is the aggregation length of an advertisement for addresses of so many bits.
func lengthField(bits int) string {
	if bits == 32 {
		return "aggregationLength"
	}
	return "aggregationLengthV6"
}

// length is how far an advertisement aggregates addresses of so many bits; false if it is not known.
func length(advertisement part, bits int) (int64, bool) {
	field := advertisement.at(lengthField(bits))
	if field.absent() {
		return int64(bits), true
	}
	n, ok := field.value.(int64)
	return n, ok
}

func checkBGPAdvertisement(spec part) {
	checkUpdate(spec)
	checkSelection(spec)
	spec.at("peers").names()
	spec.at("asPathPrepend").within(1, 10, "a number of times to prepend")
	checkSelectors(spec.at("serviceSelectors"))
	if services := spec.at("serviceSelectors"); !services.given() || services.empty() {
		return
	}
	for _, bits := range []int{32, 128} {
		field := lengthField(bits)
		if n, ok := length(spec, bits); ok && n != int64(bits) {
			spec.at(field).wrong("with serviceSelectors each address is announced by itself: leave %s out, or %d", field, bits)
		}
	}
}

func checkL2Advertisement(spec part) {
	checkSelection(spec)
	checkSelectors(spec.at("serviceSelectors"))
	for _, preferred := range spec.at("preferredNodeSelectors").elements() {
		preferred.at("weight").within(1, 100, "a weight")
		checkSelector(preferred.at("preference"))
	}
	for _, twin := range spec.at("interfaces").twins() {
		twin.doubtful("%q is there already: each is named once", twin.value)
	}
	for _, name := range spec.at("interfaces").elements() {
		if name.value == "" {
			name.doubtful("no interface is called so: a name such as %q", "eth0")
		}
	}
}

// checkSelection checks which pools are announced from which nodes.
func checkSelection(spec part) {
	spec.at("ipAddressPools").names()
	checkSelectors(spec.at("ipAddressPoolSelectors"))
	checkSelectors(spec.at("nodeSelectors"))
}

// checkUpdate checks what an advertisement says of an address.
func checkUpdate(advertisement part) {
	advertisement.at("aggregationLength").within(1, 32, "the length of an IPv4 prefix")
	advertisement.at("aggregationLengthV6").within(1, 128, "the length of an IPv6 prefix")
	pref := advertisement.at("localPref")
	pref.within(0, 1<<32-1, "a local preference")
	if n, ok := pref.value.(int64); ok && n > 1<<31-1 && n < 1<<32 {
		pref.doubtful("newer Kubernetes refuse %d in MetalLB's custom resources: at most %d", n, 1<<31-1)
	}
	communities := advertisement.at("communities")
	if n := len(communities.elements()); n > mostCommunities {
		communities.wrong("%d are more communities than MetalLB announces at once: at most %d", n, mostCommunities)
	}
	communities.distinct()
	for _, community := range communities.elements() {
		judge(community, checkCommunityOrAlias)
	}
}

// checkPoolAdvertisements checks the advertisements that come with a pool of these addresses.
func checkPoolAdvertisements(advertisements part, addresses []entry) {
	all := advertisements.elements()
	for i, one := range all {
		checkUpdate(one)
		refuseTwin(one, all[:i])
		for _, address := range addresses {
			checkAggregation(one, address)
		}
		for _, before := range all[:i] {
			if bits, same := sameUpdate(one, before, addresses); same && differ(one.at("localPref"), before.at("localPref")) {
				one.at("localPref").wrong("%s has another one with the same %s: the same one, or another length", before.path, lengthField(bits))
				break
			}
		}
	}
}

// checkAggregation refuses to announce a prefix that an address block does not fill.
func checkAggregation(advertisement part, address entry) {
	bits := address.From().BitLen()
	n, ok := length(advertisement, bits)
	if least := address.shortest(); ok && n >= 1 && n < int64(least) {
		advertisement.at(lengthField(bits)).wrong("a /%d is more than %q has: at least %d", n, address.text, least)
	}
}

// sameUpdate tells two advertisements that announce an address with the same prefix, and of which family it is.
func sameUpdate(a, b part, addresses []entry) (bits int, same bool) {
	for _, address := range addresses {
		bits := address.From().BitLen()
		ours, ok := length(a, bits)
		theirs, ok2 := length(b, bits)
		if ok && ok2 && ours == theirs {
			return bits, true
		}
	}
	return 0, false
}

// differ tells two numbers that are known not to be the same; an absent one is 0.
func differ(a, b part) bool {
	number := func(p part) (int64, bool) {
		n, ok := p.value.(int64)
		return n, ok || p.absent()
	}
	ours, ok := number(a)
	theirs, ok2 := number(b)
	return ok && ok2 && ours != theirs
}

const communityForm = `"a:b" with two numbers up to 65535, or "large:a:b:c" with three up to 4294967295`

func checkCommunityValue(text string) error {
	numbers := strings.Split(text, ":")
	bits := 16
	if len(numbers) == 4 && numbers[0] == "large" {
		numbers, bits = numbers[1:], 32
	} else if len(numbers) != 2 {
		return fmt.Errorf("%q is not a community: %s", text, communityForm)
	}
	for _, number := range numbers {
		if _, err := strconv.ParseUint(number, 10, bits); err != nil {
			return fmt.Errorf("%q is not a community, for its %q: %s", text, number, communityForm)
		}
	}
	return nil
}

// isAlias tells the name of a community from its value.
func isAlias(text string) bool { return text != "" && !strings.Contains(text, ":") }

func checkCommunityOrAlias(text string) error {
	if isAlias(text) {
		return nil
	}
	if err := checkCommunityValue(text); err != nil {
		return fmt.Errorf("%w, or the name that a Community gives to one", err)
	}
	return nil
}

func checkCommunity(spec part) {
	first := map[string]string{}
	for _, community := range spec.at("communities").elements() {
		name, value := community.at("name"), community.at("value")
		text, known := name.value.(string)
		switch {
		case name.absent():
			name.wrong("the name is missing: a text without a colon")
		case known && !isAlias(text):
			name.wrong("%q is not the name of a community: a text without a colon, not empty", text)
		case known && first[text] != "":
			name.wrong("%q is there already, in %s: each name is given once", text, first[text])
		case known:
			first[text] = name.path
		}
		if value.absent() {
			value.wrong("the value is missing: %s", communityForm)
		}
		judge(value, checkCommunityValue)
	}
}

func checkBFDProfile(spec part) {
	for _, field := range []string{"receiveInterval", "transmitInterval", "echoInterval"} {
		spec.at(field).within(10, 60000, "an interval in milliseconds")
	}
	spec.at("detectMultiplier").within(2, 255, "a detect multiplier")
	spec.at("minimumTtl").within(1, 254, "a TTL")
	if spec.at("echoMode").value == true {
		spec.at("echoMode").doubtful("the peer has to send MetalLB's echo packets back, which RouterOS does not: leave it out for such a peer")
	}
}
