package routerostest

import (
	"encoding/hex"
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"time"
)

// What the menus show of a real speaker's state. Properties are those of the manual's /routing/bgp/session and of
// prints that users have published; which release has which is told where it is known.

// spokenPeer are the read-only properties of a v6 peer.
func spokenPeer(w *world, r *row) []pair {
	for _, s := range w.speaker.State().Sessions {
		if s.Peer != r.values["name"] {
			continue
		}
		if s.State != "established" {
			return append([]pair{{"state", s.State}}, whetherFalse(w)...)
		}
		return []pair{
			{"remote-id", s.RemoteID.String()}, {"local-address", s.LocalAddress.String()}, {"uptime", uptime(w, s.Started.UnixNano())},
			{"prefix-count", strconv.Itoa(s.Prefixes)}, {"updates-sent", strconv.Itoa(s.UpdatesOut)},
			{"updates-received", strconv.Itoa(s.UpdatesIn)}, {"withdrawn-sent", "0"}, {"withdrawn-received", "0"},
			{"remote-hold-time", holdText(s.RemoteHoldTime)}, {"used-hold-time", holdText(s.HoldTime)},
			{"used-keepalive-time", formatDuration(s.Keepalive)},
			{"refresh-capability", strconv.FormatBool(slices.Contains(s.RemoteCapabilities, "rr"))},
			{"as4-capability", strconv.FormatBool(slices.Contains(s.RemoteCapabilities, "as4"))},
			{"state", "established"}, {"established", "true"},
		}
	}
	return append([]pair{{"state", "idle"}}, whetherFalse(w)...)
}

// holdText is a hold time as RouterOS writes it.
func holdText(d time.Duration) string {
	if d == 0 {
		return "infinity"
	}
	return formatDuration(d)
}

// spokenSessions are the rows of /routing/bgp/session: of each peer that has met its neighbour, if not for long.
func spokenSessions(w *world) []*row {
	out := ghosts(w)
	nth := map[string]int{}
	for _, s := range w.speaker.State().Sessions {
		connections := w.tables[connectionMenu].named(s.Peer)
		if !s.Met || len(connections) == 0 {
			continue
		}
		nth[s.Peer]++
		out = append(out, &row{id: sessionID(connections[0], nth[s.Peer]), fixed: spokenSession(w, connections[0], s, nth[s.Peer])})
	}
	return out
}

func spokenSession(w *world, c *row, s BGPSession, n int) []pair {
	out := []pair{
		{"name", fmt.Sprintf("%s-%d", s.Peer, n)}, {"remote.address", s.RemoteAddress.String()},
		{"remote.as", strconv.FormatUint(uint64(s.RemoteAS), 10)},
	}
	if s.RemoteID.IsValid() {
		out = append(out, pair{"remote.id", s.RemoteID.String()})
	}
	out = append(out,
		pair{"remote.capabilities", strings.Join(s.RemoteCapabilities, ",")}, pair{"remote.messages", strconv.Itoa(s.MessagesIn)},
		pair{"remote.hold-time", holdText(s.RemoteHoldTime)},
		pair{"local.role", c.values["local.role"]}, pair{"local.address", s.LocalAddress.String()},
		pair{"local.as", inherited(w, c, "as")}, pair{"local.id", s.LocalID.String()},
		pair{"local.capabilities", strings.Join(s.LocalCapabilities, ",")}, pair{"local.messages", strconv.Itoa(s.MessagesOut)},
		pair{"output.procid", "20"}, pair{"input.procid", "20"},
	)
	out = append(out, ofConnection(w, c)...)
	if s.NotificationOut != nil {
		out = append(out, pair{"output.last-notification", hex.EncodeToString(s.NotificationOut)})
	}
	if s.NotificationIn != nil {
		out = append(out, pair{"input.last-notification", hex.EncodeToString(s.NotificationIn)})
	}
	if !s.Started.IsZero() {
		out = append(out, pair{"last-started", date(w, s.Started.UnixNano())})
	}
	if !s.Stopped.IsZero() {
		out = append(out, pair{"last-stopped", date(w, s.Stopped.UnixNano())})
	}
	if s.State != "established" {
		return append(out, whetherFalse(w)...)
	}
	return append(out, pair{"hold-time", holdText(s.HoldTime)}, pair{"keepalive-time", formatDuration(s.Keepalive)},
		pair{"uptime", uptime(w, s.Started.UnixNano())}, pair{"prefix-count", strconv.Itoa(s.Prefixes)}, pair{"established", "true"})
}

// spokenRoutes are the routes that BGP has brought, as v6's /ip/route and v7's /routing/route have them.
func spokenRoutes(w *world) []*row {
	if w.speaker == nil {
		return nil
	}
	var out []*row
	for i, r := range w.speaker.State().Routes {
		if t := w.tables[ipRouteMenu]; w.version[0] == 6 {
			out = append(out, t.dynamicRow(t.firstID+0x100000+i, spokenRoute6(r)))
		} else {
			out = append(out, &row{id: w.tables[routeMenu].firstID + 0x100000 + i, fixed: spokenRoute7(w, r)})
		}
	}
	return out
}

// rank is a BGP route's distance, scope and target-scope.
func (r BGPRoute) rank() []pair {
	distance, target := "20", "10"
	if r.Internal {
		distance, target = "200", "30"
	}
	return []pair{{"distance", distance}, {"scope", "40"}, {"target-scope", target}}
}

func spokenRoute6(r BGPRoute) []pair {
	out := []pair{
		{"dst-address", r.Destination.String()}, {"gateway", r.Gateway.String()},
		{"gateway-status", r.Gateway.String() + " " + r.way6()},
		{"type", "unicast"}, {"bgp", "true"}, {"received-from", r.Peer},
	}
	out = append(out, r.rank()...)
	if r.inUse() {
		out = append(out, pair{"active", "true"})
	}
	return append(out, r.shown("bgp-")...)
}

// way6 is what v6 says of the gateway. How it words more than one hop is [inf].
func (r BGPRoute) way6() string {
	switch {
	case !r.Via.IsValid():
		return "unreachable"
	case r.Via != r.Gateway:
		return fmt.Sprintf("recursive via %s %s", r.Via, r.Interface)
	}
	return "reachable via  " + r.Interface
}

func spokenRoute7(w *world, r BGPRoute) []pair {
	// Newer releases say ip and bgp.session, older ones ip4 and bgp.peer-cache-id; which of them began is [inf].
	newer := w.version.atLeast(7, 20)
	afi := "ip4"
	switch {
	case r.Destination.Addr().Is6() && !newer:
		afi = "ip6"
	case r.Destination.Addr().Is6():
		afi = "ipv6"
	case newer:
		afi = "ip"
	}
	out := []pair{{"afi", afi}, {"bgp", ""}}
	if r.inUse() {
		out = append(out, pair{"contribution", "active"}, pair{"active", ""})
	} else {
		out = append(out, pair{"contribution", "candidate"})
	}
	out = append(out,
		pair{"dst-address", r.Destination.String()}, pair{"routing-table", "main"}, pair{"gateway", r.Gateway.String()},
		pair{"belongs-to", "bgp-IP-" + r.From.String()},
	)
	if r.Via.IsValid() {
		out = append(out, pair{"immediate-gw", r.Via.String() + "%" + r.Interface})
	}
	out = append(out, r.rank()...)
	connection, n := w.sessionOf(r.Peer, r.From)
	switch {
	case connection == nil:
	case newer:
		out = append(out, pair{"bgp.session", fmt.Sprintf("%s-%d", r.Peer, n)})
	default:
		out = append(out, pair{"bgp.peer-cache-id", fmt.Sprintf("*%X", sessionID(connection, n))})
	}
	return append(out, r.shown("bgp.")...)
}

// sessionOf finds the connection of a peer, and which of its sessions is that with a neighbour.
func (w *world) sessionOf(peer string, with netip.Addr) (connection *row, n int) {
	connections := w.tables[connectionMenu].named(peer)
	if len(connections) == 0 {
		return nil, 0
	}
	for _, s := range w.speaker.State().Sessions {
		if s.Peer == peer && s.Met {
			if n++; s.RemoteAddress == with {
				break
			}
		}
	}
	return connections[0], n
}

// shown are the attributes under the router's names, which have a prefix in the menus of routes.
func (a BGPAttributes) shown(prefix string) []pair {
	var path []string
	for _, as := range a.ASPath {
		path = append(path, strconv.FormatUint(uint64(as), 10))
	}
	out := []pair{{prefix + "as-path", strings.Join(path, ",")}, {prefix + "origin", a.Origin}}
	if a.LocalPref != nil {
		out = append(out, pair{prefix + "local-pref", strconv.FormatUint(uint64(*a.LocalPref), 10)})
	}
	if a.MED != nil {
		out = append(out, pair{prefix + "med", strconv.FormatUint(uint64(*a.MED), 10)})
	}
	if len(a.Communities) > 0 {
		out = append(out, pair{prefix + "communities", strings.Join(a.Communities, ",")})
	}
	return out
}

// spokenAdvertisements are the rows of what neighbours were told, on v7 of those only whose connection keeps it.
func spokenAdvertisements(w *world) []*row {
	var out []*row
	for i, a := range w.speaker.State().Advertisements {
		peer, destination := a.Peer, "prefix"
		if w.version[0] > 6 {
			connection, n := w.sessionOf(a.Peer, a.To)
			if connection == nil || inherited(w, connection, "output.keep-sent-attributes") != "true" {
				continue
			}
			peer, destination = fmt.Sprintf("%s-%d", a.Peer, n), "dst"
		}
		out = append(out, &row{id: i + 1, fixed: append([]pair{
			{"peer", peer}, {destination, a.Destination.String()}, {"nexthop", a.Gateway.String()},
		}, a.shown("")...)})
	}
	return out
}
