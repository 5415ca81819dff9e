package pair

import (
	"net/netip"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// ends are both ends of a session.
type ends struct {
	instance Instance
	router   RouterPeer
	metallb  MetalLBPeer
}

func (e ends) compared() Findings { return Peering(e.instance, e.router, e.metallb) }

// story is a pair of examples/complete.
func story() ends {
	return ends{
		Instance{Name: Of("private"), AS: Of(AS{Number: 65000})},
		RouterPeer{
			Name: Of("worker1"), Instance: Of("private"), RemoteAS: Of(AS{Number: 65001}), RemoteAddress: Of(prefix("192.168.5.253/32")), Multihop: Of(true),
		},
		MetalLBPeer{Name: Of("router"), MyASN: Of(uint32(65001)), PeerASN: Of(uint32(65000)), PeerAddress: Of(ip("192.168.5.1"))},
	}
}

var (
	prefix = netip.MustParsePrefix
	ip     = netip.MustParseAddr
)

// TestPeering changes the story: want is what the only problem then names, or none is wanted.
func TestPeering(t *testing.T) {
	assert.Equal(t, Findings{}, story().compared())
	for name, c := range map[string]struct {
		change func(*ends)
		want   []string
	}{
		"another instance":  {func(e *ends) { e.router.Instance = Of("other") }, []string{`routeros_bgp_peer "worker1" has instance = "other"`, `routeros_bgp_instance "private" has name = "private"`}},
		"instance disabled": {func(e *ends) { e.instance.Disabled = Of(true) }, []string{`routeros_bgp_instance "private" has disabled = true`}},
		"peer disabled":     {func(e *ends) { e.router.Disabled = Of(true) }, []string{`routeros_bgp_peer "worker1" has disabled = true`}},
		"nothing disabled":  {func(e *ends) { e.router.Disabled, e.instance.Disabled = Of(false), Of(false) }, nil},

		"no AS said":                 {func(e *ends) { e.instance.AS = Value[AS]{} }, nil},
		"no AS expected":             {func(e *ends) { e.router.RemoteAS, e.metallb.PeerASN = Value[AS]{}, Value[uint32]{} }, nil},
		"no my_asn":                  {func(e *ends) { e.metallb.MyASN = Value[uint32]{} }, nil},
		"any remote_as has any role": {func(e *ends) { e.router.RemoteAS, e.router.LocalRole = Of(AS{}), Of("ibgp") }, nil},
		"a member's far end": {func(e *ends) {
			member(e)
			e.router.RemoteAS = Of(AS{65000, 65001})
			e.metallb.EBGPMultiHop, e.router.Multihop = Of(true), Of(false)
		}, nil},
		"nothing said":                   {func(e *ends) { *e = ends{} }, nil},
		"remote_as":                      {func(e *ends) { e.router.RemoteAS = Of(AS{Number: 65002}) }, []string{"remote_as = 65002", "my_asn = 65001"}},
		"any remote_as":                  {func(e *ends) { e.router.RemoteAS = Of(AS{}) }, nil},
		"local_asn":                      {func(e *ends) { e.router.RemoteAS, e.metallb.LocalASN = Of(AS{Number: 65002}), Of(uint32(65002)) }, nil},
		"local_asn that frr-k8s forgets": {func(e *ends) { e.metallb.LocalASN = Of(uint32(65002)) }, nil},
		"neither ASN":                    {func(e *ends) { e.router.RemoteAS, e.metallb.LocalASN = Of(AS{Number: 65003}), Of(uint32(65002)) }, []string{"remote_as = 65003", "my_asn = 65001 and local_asn = 65002"}},
		"peer_asn":                       {func(e *ends) { e.metallb.PeerASN = Of(uint32(64999)) }, []string{"peer_asn = 64999", `routeros_bgp_instance "private" has as = 65000`}},
		"the peer's own AS":              {func(e *ends) { e.router.AS, e.metallb.PeerASN = Of(AS{Number: 65010}), Of(uint32(65010)) }, nil},
		"not the peer's own AS":          {func(e *ends) { e.router.AS = Of(AS{Number: 65010}) }, []string{"peer_asn = 65000", `routeros_bgp_peer "worker1" has as = 65010`}},
		"a template may have an AS":      {func(e *ends) { e.router.AS, e.metallb.PeerASN = Hidden[AS](), Of(uint32(65010)) }, nil},

		"confederation from outside":   {func(e *ends) { e.instance.AS = Of(AS{65000, 65101}) }, nil},
		"member from outside":          {func(e *ends) { e.instance.AS, e.metallb.PeerASN = Of(AS{65000, 65101}), Of(uint32(65101)) }, []string{"peer_asn = 65101", "as = 65000/65101", "shows, 65000"}},
		"member from a member":         {func(e *ends) { e.instance.AS, e.metallb.PeerASN = Of(AS{65000, 65001}), Of(uint32(65001)) }, nil},
		"member from another member":   {func(e *ends) { member(e); e.router.RemoteAS = Of(AS{65000, 65001}) }, nil},
		"member from one of its peers": {func(e *ends) { member(e); e.instance.ConfederationPeers = Of("65001") }, nil},
		"neither the one nor the other": {func(e *ends) {
			member(e)
			e.instance.ConfederationPeers = Of("65001")
			e.metallb.PeerASN = Of(uint32(1))
		}, []string{"peer_asn = 1", "as = 65000/65101"}},
		"confederation of RouterOS 6":    {func(e *ends) { e.instance.AS, e.instance.Confederation = Of(AS{Number: 65101}), Of(AS{Number: 65000}) }, nil},
		"member of RouterOS 6":           {func(e *ends) { e.instance.Confederation = Of(AS{Number: 65100}) }, []string{"peer_asn = 65000", "as = 65000 and confederation = 65100"}},
		"no role within a confederation": {func(e *ends) { member(e); e.router.RemoteAS = Of(AS{65000, 65001}); e.router.LocalRole = Of("ibgp") }, nil},

		"external":        {func(e *ends) { e.metallb.PeerASN, e.metallb.DynamicASN = Value[uint32]{}, Of("external") }, nil},
		"internal":        {func(e *ends) { e.metallb.PeerASN, e.metallb.DynamicASN = Value[uint32]{}, Of("internal") }, []string{`dynamic_asn = "internal" and my_asn = 65001`, "as = 65000"}},
		"internal of one": {func(e *ends) { oneAS(e); e.metallb.PeerASN, e.metallb.DynamicASN = Value[uint32]{}, Of("internal") }, nil},
		"external of one": {func(e *ends) { oneAS(e); e.metallb.PeerASN, e.metallb.DynamicASN = Value[uint32]{}, Of("external") }, []string{`dynamic_asn = "external" and my_asn = 65000`, "as = 65000"}},
		"dynamic to local_asn": {func(e *ends) {
			e.metallb.PeerASN, e.metallb.DynamicASN, e.metallb.LocalASN = Value[uint32]{}, Of("internal"), Of(uint32(65000))
		}, nil},
		"ebgp":        {func(e *ends) { e.router.LocalRole = Of("ebgp-peer") }, nil},
		"ibgp":        {func(e *ends) { e.router.LocalRole = Of("ibgp-rr") }, []string{`local_role = "ibgp-rr" and remote_as = 65001`, "as = 65000"}},
		"ibgp of one": {func(e *ends) { oneAS(e); e.router.LocalRole = Of("ibgp") }, nil},
		"ebgp of one": {func(e *ends) { oneAS(e); e.router.LocalRole = Of("ebgp") }, []string{`local_role = "ebgp" and remote_as = 65000`, "as = 65000"}},

		"local_address":          {func(e *ends) { e.router.LocalAddress = Of(ip("192.168.5.1")) }, nil},
		"another local_address":  {func(e *ends) { e.router.LocalAddress = Of(ip("192.168.5.2")) }, []string{`peer_address = "192.168.5.1"`, `local_address = "192.168.5.2"`}},
		"an interface's address": {func(e *ends) { e.router.LocalAddress = Hidden[netip.Addr]() }, nil},
		"source_address":         {func(e *ends) { e.metallb.SourceAddress = Of(ip("192.168.5.253")) }, nil},
		"another source_address": {func(e *ends) { e.metallb.SourceAddress = Of(ip("192.168.5.252")) }, []string{`source_address = "192.168.5.252"`, `remote_address = "192.168.5.253"`, "in the frr-k8s mode"}},
		"a source in the prefix": {func(e *ends) {
			e.router.RemoteAddress, e.metallb.SourceAddress = Of(prefix("192.168.5.0/24")), Of(ip("192.168.5.9"))
		}, nil},
		"a source out of the prefix": {func(e *ends) {
			e.router.RemoteAddress, e.metallb.SourceAddress = Of(prefix("192.168.5.0/24")), Of(ip("192.168.6.9"))
		}, []string{`source_address = "192.168.6.9"`, `remote_address = "192.168.5.0/24"`}},
		"families":               {func(e *ends) { e.metallb.PeerAddress = Of(ip("2001:db8::1")) }, []string{`remote_address = "192.168.5.253"`, `peer_address = "2001:db8::1"`}},
		"one host":               {func(e *ends) { e.metallb.PeerAddress = Of(ip("192.168.5.253")) }, []string{`remote_address = "192.168.5.253"`, `peer_address = "192.168.5.253"`}},
		"a router in the prefix": {func(e *ends) { e.router.RemoteAddress = Of(prefix("192.168.5.0/24")) }, nil},

		"peer_port":           {func(e *ends) { e.metallb.PeerPort = Of(1790) }, []string{"peer_port = 1790", `routeros_bgp_peer "worker1" has no local_port, which means 179`}},
		"local_port":          {func(e *ends) { e.router.LocalPort = Of(1790) }, []string{"no peer_port, which means 179", "local_port = 1790"}},
		"both ports":          {func(e *ends) { e.router.LocalPort, e.metallb.PeerPort = Of(1790), Of(1790) }, nil},
		"a port not heard":    {func(e *ends) { e.router.Listen, e.metallb.PeerPort = Of(false), Of(1790) }, nil},
		"the usual port said": {func(e *ends) { e.metallb.PeerPort = Of(179) }, nil},
		"only listens":        {func(e *ends) { e.router.Connect = Of(false) }, nil},
		"only connects":       {func(e *ends) { e.router.Listen = Of(false) }, nil},
		"neither":             {func(e *ends) { e.router.Listen, e.router.Connect = Of(false), Of(false) }, []string{"listen = false and connect = false"}},

		"both far":            {func(e *ends) { e.metallb.EBGPMultiHop = Of(true) }, nil},
		"only MetalLB is far": {func(e *ends) { e.metallb.EBGPMultiHop, e.router.Multihop = Of(true), Value[bool]{} }, []string{"ebgp_multi_hop = true", "does not have multihop = true", "if both are on one network"}},
		"far by local_ttl": {func(e *ends) {
			e.metallb.EBGPMultiHop, e.router.Multihop, e.router.LocalTTL = Of(true), Of(false), Of(8)
		}, nil},
		"near by local_ttl":       {func(e *ends) { e.metallb.EBGPMultiHop, e.router.LocalTTL = Of(true), Of(1) }, []string{"ebgp_multi_hop = true", "local_ttl = 1"}},
		"iBGP is always far":      {func(e *ends) { oneAS(e); e.metallb.EBGPMultiHop, e.router.Multihop = Of(true), Of(false) }, nil},
		"a template may be far":   {func(e *ends) { e.metallb.EBGPMultiHop, e.router.Multihop = Of(true), Hidden[bool]() }, nil},
		"neither is said far off": {func(e *ends) { e.router.Multihop = Of(false) }, nil},

		"the router's keepalive":  {func(e *ends) { e.router.KeepaliveTime, e.metallb.HoldTime = Of(time.Minute), Of(30*time.Second) }, []string{`routeros_bgp_peer "worker1" has keepalive_time = 1m,`, `metallb_bgp_peer "router" has hold_time = 30s`}},
		"MetalLB's keepalive":     {func(e *ends) { e.metallb.KeepaliveTime, e.router.HoldTime = Of(time.Minute), Of(time.Minute) }, []string{"keepalive_time = 1m", `routeros_bgp_peer "worker1" has hold_time = 1m`}},
		"by the router's default": {func(e *ends) { e.metallb.KeepaliveTime, e.metallb.HoldTime = Of(4*time.Minute), Of(time.Hour) }, []string{"keepalive_time = 4m", "has no hold_time, which means 3m"}},
		"by MetalLB's default": {func(e *ends) {
			e.router.KeepaliveTime, e.router.HoldTime, e.metallb.KeepaliveTime = Of(time.Minute), Of(time.Hour), Of(10*time.Second)
		}, []string{"keepalive_time = 1m", "has no hold_time, which means 30s"}},
		"below both":                     {func(e *ends) { e.router.KeepaliveTime, e.metallb.HoldTime = Of(29*time.Second), Of(30*time.Second) }, nil},
		"90s or 180s, which is not seen": {func(e *ends) { e.router.KeepaliveTime = Of(2 * time.Minute) }, nil},
		"the router without a hold time": {func(e *ends) { e.router.HoldTime, e.metallb.KeepaliveTime = Of(time.Duration(0)), Of(time.Hour) }, nil},
		"MetalLB without a hold time":    {func(e *ends) { e.metallb.HoldTime, e.router.KeepaliveTime = Of(time.Duration(0)), Of(time.Hour) }, nil},
		"a template may have a time":     {func(e *ends) { e.router.HoldTime, e.metallb.KeepaliveTime = Hidden[time.Duration](), Of(time.Hour) }, nil},

		"only the router's key":        {func(e *ends) { e.router.Key = Of(Key("hush")) }, []string{"has a tcp_md5_key", "has no password"}},
		"only the router's hidden key": {func(e *ends) { e.router.Key = Of(Key("")) }, []string{"has a tcp_md5_key", "has no password"}},
		"only MetalLB's key":           {func(e *ends) { e.metallb.Key = Of(Key("")) }, []string{"has a password", "has no tcp_md5_key"}},
		"other keys":                   {func(e *ends) { e.router.Key, e.metallb.Key = Of(Key("hush")), Of(Key("shh")) }, []string{"has a tcp_md5_key", "has another password"}},
		"one key":                      {func(e *ends) { e.router.Key, e.metallb.Key = Of(Key("hush")), Of(Key("hush")) }, nil},
		"a key in a Secret":            {func(e *ends) { e.router.Key, e.metallb.Key = Of(Key("hush")), Of(Key("")) }, nil},
		"a key written only":           {func(e *ends) { e.router.Key, e.metallb.Key = Of(Key("")), Of(Key("hush")) }, nil},
		"a template may have a key":    {func(e *ends) { e.router.Key, e.metallb.Key = Hidden[Key](), Of(Key("hush")) }, nil},

		"only the router's BFD": {func(e *ends) { e.router.UseBFD = Of(true) }, []string{"use_bfd = true", "no bfd_profile"}},
		"only MetalLB's BFD":    {func(e *ends) { e.metallb.BFDProfile = Of("fast") }, []string{`bfd_profile = "fast"`, "use_bfd = true"}},
		"both have BFD":         {func(e *ends) { e.router.UseBFD, e.metallb.BFDProfile = Of(true), Of("fast") }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			pair := story()
			c.change(&pair)
			found := pair.compared()
			assert.False(t, found.Open)
			if c.want == nil {
				assert.Empty(t, found.Problems)
				return
			}
			require.Len(t, found.Problems, 1)
			for _, part := range c.want {
				assert.Contains(t, found.Problems[0], part)
			}
			for _, secret := range []string{"hush", "shh"} {
				assert.NotContains(t, found.Problems[0], secret)
			}
		})
	}
}

// member makes the router a member of a confederation, which MetalLB sees.
func member(e *ends) { e.instance.AS, e.metallb.PeerASN = Of(AS{65000, 65101}), Of(uint32(65101)) }

// oneAS has both ends in one AS.
func oneAS(e *ends) { e.router.RemoteAS, e.metallb.MyASN = Of(AS{Number: 65000}), Of(uint32(65000)) }

// TestWhatNamesNothing: objects without a name are called by their types alone.
func TestWhatNamesNothing(t *testing.T) {
	pair := story()
	pair.router.Name, pair.metallb.Name, pair.router.RemoteAS = Value[string]{}, Later[string](), Of(AS{Number: 65002})
	assert.Equal(t, []string{"routeros_bgp_peer has remote_as = 65002, but metallb_bgp_peer has my_asn = 65001: the router refuses a " +
		"neighbour of another AS than it expects. Give both the AS number of MetalLB."}, pair.compared().Problems)
}
