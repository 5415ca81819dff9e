package routeros

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
)

// Sessions tells of each BGP peer that is not switched off whether its session is up, in the words of BGPSessions and,
// from RouterOS 7 on, `.about`: why the router cannot use the peer. A peer that has no session, as RouterOS 7 has none
// before the neighbour answered, is told as one whose session is not established. Of those that are not, `reason` is a
// sentence that says why, as far as the router knows; `notification-sent` and `notification-received` are the last ones,
// in words, from RouterOS 7 on. Filters: `name`, `instance`, `remote.address`, `established`.
func (r *Router) Sessions(ctx context.Context, filters ...Match) ([]Words, error) {
	found, err := r.sessions(ctx, filters...)
	if err != nil {
		return nil, err
	}
	return r.explained(ctx, found)
}

func (r *Router) explained(ctx context.Context, sessions []Words) ([]Words, error) {
	v, err := r.Version(ctx)
	if err != nil {
		return nil, err
	}
	return sessions, r.giveReasons(ctx, v, sessions)
}

// sessions are those of Sessions, as the router has them.
func (r *Router) sessions(ctx context.Context, filters ...Match) ([]Words, error) {
	v, err := r.Version(ctx)
	if err != nil {
		return nil, err
	}
	if v6.Contains(v) {
		rows, err := r.Table(BGPSessions).Query(ctx, append(slices.Clone(filters), Match{"disabled", []string{"no"}})...)
		return wordsOf(rows), err
	}
	ofPeers, ofSessions := splitFilters(v, filters)
	peers, err := r.Table(bgpNeighbour).Query(ctx, ofPeers...)
	if err != nil {
		return nil, err
	}
	for _, p := range peers {
		if about := cmp.Or(p.Words[".about"], p.wire["about"]); about != "" { // as in trouble
			p.Words[".about"] = about
		}
	}
	sessions, err := r.Table(BGPSessions).Query(ctx, ofSessions...)
	if err != nil {
		return nil, err
	}
	found := join(wordsOf(peers), wordsOf(sessions), len(ofPeers) > 0)
	return slices.DeleteFunc(found, func(w Words) bool { return !passes(w, filters) }), nil
}

func wordsOf(rows []Row) []Words {
	var all []Words
	for _, row := range rows {
		all = append(all, row.Words)
	}
	return all
}

// splitFilters tells which filters to send for the rows of peers, and which for those of sessions. A peer whose session
// is kept back by a filter must not look like one without: whatever is not sent is for the end.
func splitFilters(v Version, filters []Match) (ofPeers, ofSessions []Match) {
	for _, f := range filters {
		up := f.Word == "established" && !slices.Contains(f.AnyOf, "no")
		if f.Word == "name" || f.Word == "instance" {
			ofPeers = append(ofPeers, f)
		}
		if f.Word == "remote.address" || up || (f.Word == "instance" && since720.Contains(v)) {
			ofSessions = append(ofSessions, f)
		}
	}
	return ofPeers, ofSessions
}

// join gives the sessions of the peers that are switched on, and such peers that have none. Unless only some peers are
// wanted, sessions whose peer is gone are there for as long as the router has them.
func join(peers, sessions []Words, someOnly bool) (found []Words) {
	on, off, seen := map[string]Words{}, map[string]bool{}, map[string]bool{}
	for _, p := range peers {
		if spelled(p["disabled"]) == "true" {
			off[p["name"]] = true
		} else {
			on[p["name"]] = p
		}
	}
	for _, s := range sessions {
		peer, known := on[s["name"]]
		if !known && (someOnly || off[s["name"]]) {
			continue
		}
		whole := maps.Clone(peer)
		if whole == nil {
			whole = Words{}
		}
		maps.Copy(whole, s)
		found = append(found, whole)
		seen[s["name"]] = true
	}
	for name, p := range on {
		if !seen[name] {
			found = append(found, p)
		}
	}
	for _, w := range found {
		if w["established"] == "" {
			w["established"] = "no"
		}
	}
	return found
}

// AwaitSessions looks at the sessions until there are some and all are established, and gives them then. After timeout
// it gives those that there are, and ErrNotYet, which tells which are not established and why, as far as the router says.
// The filter `established` is for the answer. A connection that is lost meanwhile is no reason to give up.
func (r *Router) AwaitSessions(ctx context.Context, timeout time.Duration, filters ...Match) ([]Words, error) {
	awaited := slices.DeleteFunc(slices.Clone(filters), func(f Match) bool { return f.Word == "established" })
	look := func() ([]Words, error) { return r.sessions(ctx, awaited...) }
	allUp := func(sessions []Words) bool { return len(sessions) > 0 && len(downOf(sessions)) == 0 }
	sessions, err := await(ctx, timeout, look, allUp)
	if err != nil {
		return nil, err
	}
	if sessions, err = r.explained(ctx, sessions); err != nil {
		return nil, err
	}
	if !allUp(sessions) {
		if err = r.notUp(ctx, timeout, sessions); !errors.Is(err, ErrNotYet) {
			return nil, err
		}
	}
	return slices.DeleteFunc(sessions, func(s Words) bool { return !passes(s, filters) }), err
}

func downOf(sessions []Words) []Words { return slices.DeleteFunc(slices.Clone(sessions), isUp) }

func isUp(session Words) bool { return spelled(session["established"]) == "true" }

// notUp tells which sessions are not established, and why.
func (r *Router) notUp(ctx context.Context, timeout time.Duration, sessions []Words) error {
	v, err := r.Version(ctx)
	if err != nil {
		return err
	}
	late := &Error{Kind: ErrNotYet, Router: r.Address(), Version: v.String(),
		Message: fmt.Sprintf("no BGP peer to wait for within %s", timeout), Advice: "Check the filters, and that the peer is not disabled."}
	if len(sessions) == 0 {
		return late
	}
	down := downOf(sessions)
	var lines []string
	for _, s := range down {
		lines = append(lines, fmt.Sprintf("\n  %s (%s): %s", s["name"], s["remote.address"], s["reason"]))
	}
	slices.Sort(lines)
	late.Message = fmt.Sprintf("%d of %d BGP sessions not established within %s:%s", len(down), len(sessions), timeout, strings.Join(lines, ""))
	late.Advice = "Both ends' logs may say more; the router's is /log, topic bgp."
	return late
}

// Advertisements are the prefixes that peers were told, in the words of BGPAdvertisements, and the peers of which
// RouterOS 7 cannot tell, since their connection has not output.keep-sent-attributes. Filters: `peer`, `dst`.
func (r *Router) Advertisements(ctx context.Context, filters ...Match) (told []Words, silent []string, err error) {
	v, err := r.Version(ctx)
	if err != nil {
		return nil, nil, err
	}
	// RouterOS 7 speaks of the session: worker1-1 of the peer worker1.
	peers := map[string]string{}
	if v7.Contains(v) {
		sessions, err := r.Table(BGPSessions).Query(ctx)
		if err != nil {
			return nil, nil, err
		}
		for _, s := range sessions {
			peers[s.wire["name"]] = s.Words["name"]
			if spelled(s.Words["output.keep-sent-attributes"]) != "true" {
				silent = append(silent, s.Words["name"])
			}
		}
	}
	asked := slices.Clone(filters)
	for i, f := range filters {
		if f.Word != "peer" {
			continue
		}
		asked[i].AnyOf = slices.Clone(f.AnyOf)
		for _, session := range slices.Sorted(maps.Keys(peers)) {
			if slices.Contains(f.AnyOf, peers[session]) {
				asked[i].AnyOf = append(asked[i].AnyOf, session)
			}
		}
		silent = slices.DeleteFunc(silent, func(peer string) bool { return !slices.Contains(f.AnyOf, peer) })
	}
	rows, err := r.Table(BGPAdvertisements).Query(ctx, asked...)
	for _, row := range rows {
		if peer, known := peers[row.Words["peer"]]; known {
			row.Words["peer"] = peer
		}
	}
	slices.Sort(silent)
	return wordsOf(rows), slices.Compact(silent), err
}

// System is what the router says of itself: `version` (7.20.8), `channel` (stable), `major` (7), `board-name`,
// `architecture-name`, `platform`, `cpu`, `cpu-count`, `total-memory` (bytes), `uptime`, `identity`.
func (r *Router) System(ctx context.Context) (Words, error) {
	all := Words{}
	for _, m := range []*Menu{systemResource, systemIdentity} {
		rows, err := r.Table(m).Query(ctx)
		if err != nil {
			return nil, err
		}
		for _, row := range rows {
			maps.Copy(all, row.Words)
		}
	}
	return all, nil
}
