package functions

import (
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/pair"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

var peeringProblems = comparison{
	name:    "peering_problems",
	summary: "What keeps a router's BGP peer and MetalLB's from each other",
	description: "Compares both ends of a BGP session, the router's and MetalLB's, and gives a sentence for each thing that does not fit; an " +
		"empty list, if all does.\n\n" +
		"The AS numbers are mirrored; the addresses, ports and address families meet; MetalLB is not told of more hops than the router; the " +
		"keepalive times are below the hold time that both agree on; both or neither have a password, and the same if both are " +
		"known; both or neither have BFD; one of them calls; and the peer is the instance's, and neither is disabled. What only " +
		"may be wrong is no problem, nor is what the peer's `templates` may say.\n\n" +
		"It asks neither the router nor the cluster: what is not in the configuration, such as a key that was set on the router by hand, it " +
		"does not know; and whether a session is up, and why not, is in `routeros_bgp_sessions`.\n\n" +
		"In a plan, values that are known after apply are left out of account: what is wrong already is told, and without that the result " +
		"is known after apply too; so give it to checks, and not to resources. The sentences name no password. But Terraform takes all that " +
		"comes of a resource with a sensitive attribute for sensitive: have them shown by `nonsensitive`, as in the example.",
	parameters: []parameter{
		{"instance", "routeros_bgp_instance"}, {"peer", "routeros_bgp_peer"}, {"metallb_peer", "metallb_bgp_peer"},
	},
	compare: func(o []*object) pair.Findings {
		return pair.Peering(bgpInstance(o[0]), routerPeer(o[1]), metallbPeer(o[2]))
	},
}

func bgpInstance(o *object) pair.Instance {
	return pair.Instance{
		Name:               o.text("name"),
		AS:                 read(o, "as", plain(parseAS)),
		Confederation:      read(o, "confederation", plain(parseAS)),
		ConfederationPeers: o.text("confederation_peers"),
		Disabled:           o.flag("disabled"),
	}
}

func routerPeer(o *object) pair.RouterPeer {
	templates, more, _ := o.elements("templates")
	o.templated = []string{"as", "hold_time", "keepalive_time", "multihop", "use_bfd"} // no release has more of these in its templates
	o.inherits, o.mayInherit = len(templates) > 0, more && len(templates) == 0
	return pair.RouterPeer{
		Name:          o.text("name"),
		Instance:      o.text("instance"),
		AS:            read(o, "as", plain(parseAS)),
		RemoteAS:      read(o, "remote_as", plain(parseAS)),
		RemoteAddress: read(o, "remote_address", parsePlace),
		LocalAddress:  read(o, "local_address", parseLocal),
		LocalPort:     o.number("local_port"),
		LocalRole:     o.text("local_role"),
		LocalTTL:      o.number("local_ttl"),
		Multihop:      o.flag("multihop"),
		Connect:       o.flag("connect"),
		Listen:        o.flag("listen"),
		HoldTime:      read(o, "hold_time", plain(parseHold)),
		KeepaliveTime: read(o, "keepalive_time", plain(value.ParseDuration)),
		Key:           o.key("tcp_md5_key", "tcp_md5_key_wo", "tcp_md5_key_wo_version"),
		UseBFD:        o.flag("use_bfd"),
		Disabled:      o.flag("disabled"),
	}
}

func metallbPeer(o *object) pair.MetalLBPeer {
	return pair.MetalLBPeer{
		Name:          o.text("name"),
		MyASN:         read(o, "my_asn", plain(parseASN)),
		PeerASN:       read(o, "peer_asn", plain(parseASN)),
		DynamicASN:    o.text("dynamic_asn"),
		LocalASN:      read(o, "local_asn", plain(parseASN)),
		PeerAddress:   read(o, "peer_address", plain(parseIP)),
		SourceAddress: read(o, "source_address", plain(parseIP)),
		PeerPort:      o.number("peer_port"),
		EBGPMultiHop:  o.flag("ebgp_multi_hop"),
		HoldTime:      read(o, "hold_time", plain(parseTimer)),
		KeepaliveTime: read(o, "keepalive_time", plain(parseTimer)),
		Key:           o.key("password", "password_wo", "password_wo_version", "password_secret"),
		BFDProfile:    o.text("bfd_profile"),
	}
}

// key is a password, which is only compared in its first place; a resource never has one that is written only, but that
// one's version.
func (o *object) key(readable string, others ...string) pair.Value[pair.Key] {
	key := read(o, readable, plain(func(text string) (pair.Key, error) { return pair.Key(text), nil }))
	unknown := false
	for _, other := range others {
		switch is := o.at(other); {
		case is == nil:
		case is.IsUnknown():
			unknown = true
		case !is.Equal(types.StringValue("")):
			return pair.Of(pair.Key(""))
		}
	}
	if unknown && key == (pair.Value[pair.Key]{}) {
		return pair.Later[pair.Key]()
	}
	return key
}

func parseAS(text string) (pair.AS, error) {
	canonical, err := value.ASN{StringValue: types.StringValue(text)}.Spelling()
	if err != nil {
		return pair.AS{}, err
	}
	number, member, _ := strings.Cut(canonical, "/")
	n, _ := strconv.ParseUint(number, 10, 32)
	m, _ := strconv.ParseUint(member, 10, 32)
	return pair.AS{Number: uint32(n), Member: uint32(m)}, nil
}

func parseASN(text string) (uint32, error) {
	n, err := strconv.ParseUint(text, 10, 32)
	if err != nil {
		return 0, fmt.Errorf("%q is no AS number: give 1 to 4294967295", text)
	}
	return uint32(n), nil
}

// parsePlace reads a host as the prefix that holds only it. The name of an interface says no address.
func parsePlace(text string) (pair.Value[netip.Prefix], error) {
	canonical, err := value.Address{StringValue: types.StringValue(text)}.Spelling()
	if err != nil {
		return pair.Value[netip.Prefix]{}, err
	}
	return place(canonical), nil
}

func parseLocal(text string) (pair.Value[netip.Addr], error) {
	canonical, err := value.LocalAddress{StringValue: types.StringValue(text)}.Spelling()
	if err != nil {
		return pair.Value[netip.Addr]{}, err
	}
	if prefix, err := netip.ParsePrefix(canonical); err == nil {
		return pair.Of(prefix.Addr()), nil
	}
	if host, err := netip.ParseAddr(canonical); err == nil {
		return pair.Of(host.WithZone("")), nil
	}
	return pair.Hidden[netip.Addr](), nil
}

// place reads what value.Address makes of a text: a prefix, a link-local host with its interface, or an interface.
func place(canonical string) pair.Value[netip.Prefix] {
	if prefix, err := netip.ParsePrefix(canonical); err == nil {
		return pair.Of(prefix)
	}
	if host, err := netip.ParseAddr(canonical); err == nil {
		return pair.Of(netip.PrefixFrom(host.WithZone(""), host.BitLen()))
	}
	return pair.Hidden[netip.Prefix]()
}

func parseIP(text string) (netip.Addr, error) {
	ip, err := netip.ParseAddr(text)
	if err != nil || ip.Zone() != "" {
		return netip.Addr{}, fmt.Errorf("%q is no address: give an IPv4 or IPv6 address", text)
	}
	return ip.Unmap(), nil
}

func parseHold(text string) (time.Duration, error) {
	if text == value.Infinity {
		return 0, nil
	}
	return value.ParseDuration(text)
}

func parseTimer(text string) (time.Duration, error) {
	d, err := time.ParseDuration(text)
	if err != nil {
		return 0, fmt.Errorf("%q is no duration: give whole seconds in Go's form (90s, 1m30s)", text)
	}
	return d, nil
}
