package metallb

import (
	"slices"

	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Kind is a kind of configuration, by the name of its custom resource.
type Kind string

// The kinds.
const (
	AddressPool      Kind = "IPAddressPool"
	BGPPeer          Kind = "BGPPeer"
	BGPAdvertisement Kind = "BGPAdvertisement"
	L2Advertisement  Kind = "L2Advertisement"
	BFDProfile       Kind = "BFDProfile"
	Community        Kind = "Community"
)

// Kinds are all of them.
var Kinds = []Kind{AddressPool, BGPPeer, BGPAdvertisement, L2Advertisement, BFDProfile, Community}

// Unknown stands in a Spec for a value that is known only when it is applied. The rules say nothing of it: it may be
// right or wrong, and may even turn out to be left out.
const Unknown = unknown("(known after apply)")

type unknown string

// ManagedPasswordSet is what Spec says of a managedPassword that is where it should be.
const ManagedPasswordSet = "(set)"

// fieldInfo is what there is to know of a field of a custom resource, beside its name.
type fieldInfo struct {
	since    string // the first MetalLB whose CRD has it; "" is 0.13.0
	standard any    // MetalLB's default, in every version; nil if there is none, or it depends
	frr      bool   // MetalLB's native BGP refuses it
	frrK8s   bool   // MetalLB's native BGP and its FRR mode refuse it
}

// kindInfo is a kind's custom resource.
type kindInfo struct {
	resource schema.GroupVersionResource
	fields   map[string]fieldInfo
}

func customResource(version, plural string) schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: "metallb.io", Version: version, Resource: plural}
}

// kinds are the fields of MetalLB's CRDs up to 0.16.2, from the history of config/crd/bases.
var kinds = map[Kind]kindInfo{
	AddressPool: {customResource("v1beta1", "ipaddresspools"), map[string]fieldInfo{
		"addresses":         {},
		"autoAssign":        {standard: true},
		"avoidBuggyIPs":     {since: "0.13.4", standard: false},
		"serviceAllocation": {since: "0.13.8"},
		"protocol":          {},
		"bgpAdvertisements": {},
	}},
	// v1beta1 of BGPPeer goes through a conversion that turns an absent hold time into "never".
	BGPPeer: {customResource("v1beta2", "bgppeers"), map[string]fieldInfo{
		"myASN":                  {},
		"peerASN":                {},
		"dynamicASN":             {since: "0.14.9", frr: true},
		"localASN":               {since: "0.16.0", frr: true},
		"peerAddress":            {},
		"interface":              {since: "0.15.0", frr: true},
		"sourceAddress":          {},
		"peerPort":               {standard: int64(179)},
		"holdTime":               {},
		"keepaliveTime":          {frr: true},
		"connectTime":            {since: "0.14.4", frr: true},
		"routerID":               {},
		"nodeSelectors":          {},
		"password":               {},
		"passwordSecret":         {},
		"managedPassword":        {},
		"bfdProfile":             {frr: true},
		"enableGracefulRestart":  {since: "0.14.6", frr: true},
		"ebgpMultiHop":           {standard: false},
		"vrf":                    {since: "0.13.8", frr: true},
		"disableMP":              {since: "0.14.4", standard: false, frr: true},
		"dualStackAddressFamily": {since: "0.15.0", standard: false, frr: true},
	}},
	BGPAdvertisement: {customResource("v1beta1", "bgpadvertisements"), map[string]fieldInfo{
		"aggregationLength":      {standard: int64(32)},
		"aggregationLengthV6":    {standard: int64(128)},
		"localPref":              {standard: int64(0)},
		"asPathPrepend":          {since: "0.16.2", frrK8s: true},
		"communities":            {},
		"ipAddressPools":         {},
		"ipAddressPoolSelectors": {},
		"nodeSelectors":          {},
		"peers":                  {},
		"serviceSelectors":       {since: "0.16.0"},
	}},
	L2Advertisement: {customResource("v1beta1", "l2advertisements"), map[string]fieldInfo{
		"ipAddressPools":         {},
		"ipAddressPoolSelectors": {},
		"nodeSelectors":          {},
		"preferredNodeSelectors": {since: "0.16.2"},
		"interfaces":             {since: "0.13.6"},
		"serviceSelectors":       {since: "0.16.0"},
	}},
	BFDProfile: {customResource("v1beta1", "bfdprofiles"), map[string]fieldInfo{
		"receiveInterval":  {},
		"transmitInterval": {},
		"detectMultiplier": {},
		"echoInterval":     {},
		"echoMode":         {standard: false},
		"passiveMode":      {standard: false},
		"minimumTtl":       {},
	}},
	Community: {customResource("v1beta1", "communities"), map[string]fieldInfo{
		"communities": {},
	}},
}

// Default is the value that MetalLB, in every version, gives to a field that is left out.
func (k Kind) Default(field string) (any, bool) {
	standard := kinds[k].fields[field].standard
	return standard, standard != nil
}

// Since is the first MetalLB whose custom resource has the field, such as "0.14.9"; "" if all do.
func (k Kind) Since(field string) string { return kinds[k].fields[field].since }

// IsField tells the name of a field of any kind's specification.
func IsField(name string) bool {
	return slices.ContainsFunc(Kinds, func(kind Kind) bool { _, has := kinds[kind].fields[name]; return has })
}

// OnlyFRR tells a field that MetalLB's native BGP refuses: it needs the FRR or the frr-k8s mode.
func (k Kind) OnlyFRR(field string) bool { return kinds[k].fields[field].frr }

// OnlyFRRK8s tells a field that needs the frr-k8s mode.
func (k Kind) OnlyFRRK8s(field string) bool { return kinds[k].fields[field].frrK8s }

func resourceOf(kind Kind) schema.GroupVersionResource { return kinds[kind].resource }

var poolResource = resourceOf(AddressPool)
