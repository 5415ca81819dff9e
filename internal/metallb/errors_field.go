package metallb

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

var specField = regexp.MustCompile(`\bspec\.(\w+)`)

// fieldOf finds the field of a kind's spec that the API server, or MetalLB's webhook, complains about; "" if it does not say.
func fieldOf(kind Kind, status metav1.Status) string {
	if status.Details != nil {
		for _, cause := range status.Details.Causes {
			if found := specField.FindStringSubmatch(cause.Field); found != nil {
				return found[1]
			}
		}
	}
	if found := specField.FindStringSubmatch(status.Message); found != nil {
		return found[1]
	}
	webhook, reason, denied := strings.Cut(strings.ToLower(status.Message), "denied the request: ")
	if !denied {
		return ""
	}
	for _, t := range webhookTexts {
		if _, has := kinds[kind].fields[t.field]; has && t.text.MatchString(reason) {
			return t.field
		}
	}
	if kind == AddressPool && strings.Contains(webhook, "bgpadvertisement") {
		return "bgpAdvertisements" // of a companion
	}
	return namedIn(reason, kind)
}

// webhookTexts are what MetalLB's webhooks from 0.13 to 0.16 say, in lower case, of a field that they do not name. The first
// counts whose field the kind has.
var webhookTexts = []struct {
	text  *regexp.Regexp
	field string
}{
	{regexp.MustCompile(`missing local asn`), "myASN"},
	{regexp.MustCompile(`both peer asn and dynamicasn`), "dynamicASN"},
	{regexp.MustCompile(`missing peer asn`), "peerASN"},
	{regexp.MustCompile(`no address or interface|invalid bgppeer address|peer ip|peer \S*[.:]\S* already exists`), "peerAddress"},
	{regexp.MustCompile(`peer \S* already exists`), "interface"},
	{regexp.MustCompile(`ebgp-multihop`), "ebgpMultiHop"},
	{regexp.MustCompile(`keepalive|hold time "nil"`), "keepaliveTime"},
	{regexp.MustCompile(`hold time`), "holdTime"},
	{regexp.MustCompile(`connect time`), "connectTime"},
	{regexp.MustCompile(`router id`), "routerID"},
	{regexp.MustCompile(`source ip`), "sourceAddress"},
	{regexp.MustCompile(`both password and secret`), "passwordSecret"},
	{regexp.MustCompile(`bfd-profile`), "bfdProfile"},
	{regexp.MustCompile(`disable mp`), "disableMP"},
	{regexp.MustCompile(`native bgp mode does not support ipv6`), "ipAddressPools"},
	{regexp.MustCompile(`no prefixes|cidr|ip range`), "addresses"},
	{regexp.MustCompile(`selector|definition in namespaces`), "serviceAllocation"},
	{regexp.MustCompile(`aggregation length .*(ipv6|addresses [0-9a-f]*:)`), "aggregationLengthV6"},
	{regexp.MustCompile(`aggregation length \S+( for ipv4|:)`), "aggregationLength"},
	{regexp.MustCompile(`local preference`), "localPref"},
	{regexp.MustCompile(`as path prepend`), "asPathPrepend"},
	{regexp.MustCompile(`community|legacy communities`), "communities"},
	{regexp.MustCompile(`node selector`), "nodeSelectors"},
	{regexp.MustCompile(`service selector`), "serviceSelectors"},
	{regexp.MustCompile(`invalid label selector`), "ipAddressPoolSelectors"},
}

var quoted = regexp.MustCompile(`"[^"]*"`)

// namedIn finds the field that a text has among its words. What is in quotes are values.
func namedIn(text string, kind Kind) string {
	words := strings.FieldsFunc(quoted.ReplaceAllString(text, ""), func(r rune) bool { return r < 'a' || r > 'z' })
	for _, field := range slices.Sorted(maps.Keys(kinds[kind].fields)) {
		if slices.Contains(words, strings.ToLower(field)) {
			return field
		}
	}
	if slices.Contains(words, "match") && kind == BGPPeer {
		return "nodeSelectors" // of its expressions
	}
	return ""
}
