package routeros

import (
	"cmp"
	"context"
	"fmt"
	"strings"
)

// Why a session is not established, as far as the router knows. It knows why it cannot use a peer, which notification
// ended a session, and where it has networks. That nobody answers has several causes that look alike from here.

// giveReasons tells of each session that is not established the `reason`, and of all the last notifications in words,
// `notification-sent` and `notification-received`. The router is asked further only if it has not said why one is down.
// An error is a connection that was lost.
func (r *Router) giveReasons(ctx context.Context, v Version, sessions []Words) error {
	var open []Words
	for _, s := range sessions {
		if isUp(s) {
			continue
		}
		if s["reason"] = knownReason(s); s["reason"] == "" {
			s["reason"] = likelyReason(v, s)
			open = append(open, s)
		}
	}
	far, err := r.tooFar(ctx, v, open)
	for _, s := range far {
		s["reason"] = fmt.Sprintf("%s is on no network of the router (%s), and an external neighbour that is further away has to be multihop: "+
			"set multihop = true here and ebgp_multi_hop = true at MetalLB, or correct remote_address; if a link without addresses leads there, %s",
			s["remote.address"], networksOf(s).Paths[0].Path, howToReach(s))
	}
	for _, s := range sessions {
		s["notification-sent"] = notificationWords(s["output.last-notification"])
		s["notification-received"] = notificationWords(s["input.last-notification"])
	}
	return err
}

// knownReason is what the router itself says; "" if it says nothing. A router keeps a notification when the session is up
// again, and a neighbour that dies sends none: the last one may be about another time than this.
func knownReason(s Words) string {
	sent, received := s["output.last-notification"], s["input.last-notification"]
	switch {
	case s[".about"] != "":
		return "the router cannot use the peer: " + s[".about"]
	case s["stopped"] == "true":
		return "the session was stopped on the router: disable the peer and enable it again, as the action routeros_bgp_session does to reset it"
	case s["limit-exceeded"] == "true":
		return "the neighbour announces more prefixes than the peer takes: raise its input_limit_process_routes_ipv4 or " +
			"input_limit_process_routes_ipv6, or see why there are so many"
	case sent == "" && received == "":
		return ""
	}
	var last string
	switch {
	case received == "":
		last = ended(s, "the router", sent, sentAdvice)
	case sent == "":
		last = ended(s, "the neighbour", received, receivedAdvice)
	default:
		last = "each end has ended a session, and which was last is not known: " + ended(s, "the router", sent, sentAdvice) + "; " +
			ended(s, "the neighbour", received, receivedAdvice)
	}
	return last + "; if it has been up since, " + howToReach(s)
}

// ended is a notification, and what to look at.
func ended(s Words, who, message string, advice func(Words, notification) string) string {
	n, is := parseNotification(message)
	said := fmt.Sprintf("%s ended the session with %q", who, message)
	if !is {
		return said
	}
	verb := "ended"
	if n.code == 2 {
		verb = "refused"
	}
	said = fmt.Sprintf("%s %s the session with %s", who, verb, n)
	if what := cmp.Or(advice(s, n), eitherAdvice[[2]byte{n.code, n.subcode}]); what != "" {
		said += ": " + what
	}
	return said
}

// eitherAdvice is what to look at, whoever sent a notification.
var eitherAdvice = map[[2]byte]string{
	{2, 3}:  "compare the router IDs, which must differ",
	{2, 5}:  "compare tcp_md5_key with the neighbour's key",
	{2, 6}:  "compare hold_time with the neighbour's",
	{2, 7}:  "compare afi with the neighbour's address families",
	{2, 11}: "compare local_role with the neighbour's role",
	{6, 7}:  "two connections at once, one of which goes on; if none does, see both ends' logs",
	{6, 8}:  "see the memory of the end that sent it",
	{6, 10}: "BFD lost the way between the two",
}

func sentAdvice(s Words, n notification) string {
	switch [2]byte{n.code, n.subcode} {
	case [2]byte{2, 2}:
		if is, asked := s["remote.as"], s["asked.as"]; is != asked && is != "" && asked != "" {
			return fmt.Sprintf("the neighbour has AS %s, and remote_as is %s: compare remote_as with the neighbour's own (MetalLB's my_asn)", is, asked)
		}
		// Whether the neighbour has been put right meanwhile is not known.
		return fmt.Sprintf("compare remote_as (%s) with the neighbour's own AS number (MetalLB's my_asn); if they agree by now, see what it expects "+
			"of the router (MetalLB's peer_asn), and its log", cmp.Or(s["asked.as"], "unset"))
	case [2]byte{4, 0}:
		return "it heard nothing from the neighbour for the hold time: see whether it still runs, and the way to it"
	case [2]byte{6, 1}:
		return "the neighbour announces more prefixes than input_limit_process_routes_ipv4 or input_limit_process_routes_ipv6 allows"
	case [2]byte{6, 2}, [2]byte{6, 3}:
		return "the peer was disabled or changed here"
	case [2]byte{6, 5}:
		return "it takes no connection from that address: compare remote_address and local_address with the neighbour's"
	}
	return ""
}

func receivedAdvice(s Words, n notification) string {
	switch [2]byte{n.code, n.subcode} {
	case [2]byte{2, 2}:
		return fmt.Sprintf("it expects another AS number of this router than %s: compare the instance's as with what it expects (MetalLB's peer_asn)",
			cmp.Or(s["local.as"], s["as"], "it has"))
	case [2]byte{4, 0}:
		return "it heard nothing from the router for the hold time: see the way to it"
	case [2]byte{6, 1}:
		return "the router announces more prefixes than it takes"
	case [2]byte{6, 2}:
		return "it was switched off there"
	case [2]byte{6, 3}:
		return "it has no peer for this router any more: see those of the neighbour (MetalLB's BGP peers and their node_selectors)"
	case [2]byte{6, 5}:
		return fmt.Sprintf("it takes no connection from this router: compare the address that it expects (MetalLB's peer_address) with the router's %s",
			cmp.Or(s["local.address"], "own"))
	}
	return ""
}

// likelyReason is what nobody has said: what is known, and what it may come from.
func likelyReason(v Version, s Words) string {
	check := howToReach(s) + ", " + keyAdvice(v, s)
	switch s["state"] {
	case "":
	case "idle":
		return "state idle: the router is not trying now, as after a refusal or while its instance is disabled; see the instance, and both ends' logs"
	case "opensent", "openconfirm":
		return fmt.Sprintf("state %s: there is a connection but no agreement yet; if it stays so, compare both ends' AS numbers and addresses", s["state"])
	default:
		return fmt.Sprintf("state %s: there is no connection; %s", s["state"], check)
	}
	switch called := spelled(s["connect"]) != "false" && s["remote.address"] != "" && !strings.Contains(s["remote.address"], "/"); {
	case s["last-stopped"] != "":
		return fmt.Sprintf("the connection ended at %s, %s; %s", s["last-stopped"], hungUp, check)
	case s["local.address"] != "":
		return fmt.Sprintf("the connection ended, %s; %s", hungUp, check)
	case called:
		return "no session: the neighbour never answered; " + check
	}
	return "no session: no neighbour ever called; " + check
}

// hungUp is about a connection that there was, whether or not a session came of it.
const hungUp = "and neither end has said why: if it ends at once each time, compare the instance's as with what the neighbour expects " +
	"(MetalLB's peer_asn; without FRR it hangs up without a word)"

// howToReach is about the connection, which either end may open. Of MetalLB only some releases and settings of frr-k8s
// listen.
func howToReach(s Words) string {
	neighbour := cmp.Or(s["remote.address"], "the neighbour")
	if strings.Contains(neighbour, "/") {
		neighbour = "a neighbour of " + neighbour
	}
	if spelled(s["listen"]) == "false" {
		return fmt.Sprintf("check that %s runs and listens on TCP port %s, as MetalLB seldom does: with listen = false the router takes no call",
			neighbour, cmp.Or(s["remote.port"], "179"))
	}
	return fmt.Sprintf("check that %s runs and reaches the router's TCP port %s (MetalLB calls, and seldom listens)", neighbour, cmp.Or(s["local.port"], "179"))
}

// keyAdvice is about MD5 keys: a packet without the right one is dropped, and nobody is told. From 7.21 a print may hide
// that there is a key; a template never has one.
func keyAdvice(v Version, s Words) string {
	key := "that it demands no MD5 key, as tcp_md5_key is not set here"
	switch {
	case s["tcp-md5-key"] != "":
		key = "that its MD5 key is the tcp_md5_key here"
	case since721.Contains(v):
		key = "that both ends have the same MD5 key or none"
	}
	return "and " + key + ": packets whose key is wrong or missing are dropped without an answer"
}
