package routerostest

import "strings"

// What the router sees of its BGP neighbours.

// peerState are the read-only properties of a v6 peer, which are there only while they have a value.
func peerState(w *world, r *row) []pair {
	if w.speaker != nil {
		return spokenPeer(w, r)
	}
	instances := w.tables[instanceMenu].named(valueOr(r, "instance", "default"))
	tries := r.values["disabled"] != "true" && len(instances) > 0 && instances[0].values["disabled"] != "true"
	since, _ := w.fate(r, r.values["remote-address"])
	if !tries || since == 0 {
		out := []pair{{"state", "idle"}} // as after each notification, too
		if refused := len(w.neighbours[hostOf(r.values["remote-address"])].shows) > 0; tries && !w.quirks.noSessions && !refused {
			out = []pair{{"state", "active"}}
		}
		return append(out, whetherFalse(w)...)
	}
	hold := valueOr(r, "hold-time", "3m")
	local := r.values["update-source"]
	if local == "" {
		local = localAddress(r.values["remote-address"])
	}
	return []pair{
		{"remote-id", r.values["remote-address"]}, {"local-address", local}, {"uptime", uptime(w, since)},
		{"prefix-count", "0"}, {"updates-sent", "0"}, {"updates-received", "0"}, {"withdrawn-sent", "0"},
		{"withdrawn-received", "0"}, {"remote-hold-time", hold}, {"used-hold-time", hold},
		{"used-keepalive-time", valueOr(r, "keepalive-time", third(hold))},
		{"refresh-capability", "true"}, {"as4-capability", "true"}, {"state", "established"}, {"established", "true"},
	}
}

func valueOr(r *row, name, otherwise string) string {
	if v := r.values[name]; v != "" {
		return v
	}
	return otherwise
}

// third is the keepalive time that follows from a hold time.
func third(hold string) string {
	d, ok := parseDuration(hold)
	if !ok {
		return hold
	}
	return formatDuration(d / 3)
}

// sessions are the rows of /routing/bgp/session: one for each connection that works and whose neighbour answered once.
// The name is the connection's with a number (routeros-api.md §9).
func sessions(w *world) []*row {
	if w.speaker != nil {
		return spokenSessions(w)
	}
	out := ghosts(w)
	for _, c := range w.tables[connectionMenu].rows {
		local := valueOr(c, "local.address", localAddress(c.values["remote.address"]))
		since, was := w.fate(c, c.values["remote.address"])
		if c.values["disabled"] == "true" || local == "" || connectionTrouble(w, c) != "" || !was {
			continue
		}
		hold, host := valueOr(c, "hold-time", "3m"), hostOf(c.values["remote.address"])
		as := inherited(w, c, "as")
		s := []pair{
			{"name", c.values["name"] + "-1"}, {"remote.address", host},
			{"remote.as", valueOr(c, "remote.as", as)}, {"remote.capabilities", "mp,rr,as4,err"},
			{"remote.hold-time", hold}, {"remote.messages", "2"}, {"remote.bytes", "38"}, {"remote.eor", "ip"},
			{"local.role", c.values["local.role"]}, {"local.address", local}, {"local.as", as}, {"local.id", local},
			{"local.capabilities", "mp,rr,gr,as4"}, {"local.messages", "2"}, {"local.bytes", "38"}, {"local.eor", ""},
			{"output.procid", "20"}, {"input.procid", "20"},
		}
		s = append(s, ofConnection(w, c)...)
		s = append(s, pair{"hold-time", hold}, pair{"keepalive-time", valueOr(c, "keepalive-time", third(hold))})
		s = append(s, w.neighbours[host].shows...)
		if since != 0 {
			s = append(s, pair{"remote.id", host}, pair{"uptime", uptime(w, since)}, pair{"last-started", date(w, since)},
				pair{"prefix-count", "0"}, pair{"established", "true"})
		} else {
			s = append(append(s, pair{"last-stopped", date(w, w.now())}), whetherFalse(w)...)
		}
		out = append(out, &row{id: sessionID(c, 1), fixed: s})
	}
	return out
}

// ghosts are rows of sessions that nobody knows, see [GhostSession].
func ghosts(w *world) []*row {
	if !w.quirks.ghostSession {
		return nil
	}
	return []*row{{id: 0x2800000, fixed: []pair{{"local.role", "ebgp"}, {"remote.messages", "0"}}}}
}

// sessionID is the id of a connection's n-th session.
func sessionID(connection *row, n int) int { return 0x2800001 + connection.id + (n-1)<<12 }

// ofConnection are the properties that a session has from its connection.
func ofConnection(w *world, c *row) []pair {
	var out []pair
	for _, name := range []string{"output.filter-chain", "output.network", "output.keep-sent-attributes", "input.filter"} {
		if v := inherited(w, c, name); v != "" {
			out = append(out, pair{name, v})
		}
	}
	if i := c.values["instance"]; i != "" {
		out = append(out, pair{"instance", i})
	}
	kind := "ebgp" // a switch: there and empty, or absent
	if strings.HasPrefix(c.values["local.role"], "ibgp") {
		kind = "ibgp"
	}
	out = append(out, pair{kind, ""})
	if inherited(w, c, "multihop") == "true" {
		out = append(out, pair{"multihop", "true"})
	}
	return out
}

// whetherFalse is how a router says that a session is not established, if it does.
func whetherFalse(w *world) []pair {
	if w.quirks.establishedFalse {
		return []pair{{"established", "false"}}
	}
	return nil
}

func hostOf(address string) string {
	host, _, _ := strings.Cut(address, "/")
	return host
}

// uptime is how long a session has been up.
func uptime(w *world, since int64) string { return formatDuration(sinceSeconds(w, since)) }
