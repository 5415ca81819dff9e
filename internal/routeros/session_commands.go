package routeros

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// sessionMenu is where a range of releases has the commands for the sessions of BGP peers.
type sessionMenu struct {
	Range
	path     string
	numbered bool   // its rows are sessions, <peer>-1 and so on; if not, they are the peers themselves
	family   string // what its commands call an address family
}

var sessionMenus = []sessionMenu{
	{Range: v6, path: "/routing/bgp/peer", family: "address-family"},
	{Range: to719, path: "/routing/bgp/session", numbered: true, family: "address-family"},
	{Range: since719, path: "/routing/bgp/session", numbered: true, family: "afi"},
}

// of tells whether a row is a session of the peer.
func (m sessionMenu) of(row sentence, peer string) bool {
	name := row["name"]
	if m.numbered {
		name = name[:max(0, strings.LastIndexByte(name, '-'))]
	}
	return name == peer
}

// ResetSession ends the session of a BGP peer and has it begin anew, by switching the peer off and on: RouterOS 6 has no
// other way, and RouterOS 7 none that is known to bring back what it stops. A peer that has no session begins to seek one
// at once. ErrNotFound if the router has no such peer, ErrRefused if it is switched off.
func (r *Router) ResetSession(ctx context.Context, peer string) error {
	t, row, err := r.bgpPeer(ctx, peer)
	if err != nil {
		return err
	}
	path, v, err := t.at(ctx)
	if err != nil {
		return err
	}
	_, offErr := t.write(ctx, v, []string{path + "/disable", "=.id=" + row.ID})
	if offErr != nil && !lost(offErr) && ctx.Err() == nil {
		return offErr
	}
	// It may be off now: whatever has happened, and whoever has given up waiting, it must not stay so.
	ctx = context.WithoutCancel(ctx)
	enable := []string{path + "/enable", "=.id=" + row.ID}
	_, err = t.write(ctx, v, enable)
	if lost(err) {
		_, err = t.write(ctx, v, enable)
	}
	if err != nil {
		return fmt.Errorf("%w\nBGP peer %q may have been left switched off: apply again, or enable it at %s", errors.Join(offErr, err), peer, path)
	}
	return offErr
}

// RefreshSession asks a BGP peer to announce its routes anew; family, if not "", is the only address family that it is
// asked for, in the words of BGPPeer's afi. ErrNotFound if there is no such peer, or none of its sessions is up.
func (r *Router) RefreshSession(ctx context.Context, peer, family string) error {
	return r.commandSession(ctx, "refresh", peer, family)
}

// ResendSession announces all routes to a BGP peer anew; else as RefreshSession.
func (r *Router) ResendSession(ctx context.Context, peer, family string) error {
	return r.commandSession(ctx, "resend", peer, family)
}

func (r *Router) commandSession(ctx context.Context, verb, peer, family string) error {
	t, _, err := r.bgpPeer(ctx, peer)
	if err != nil {
		return err
	}
	_, v, err := t.at(ctx)
	if err != nil {
		return err
	}
	for _, why := range BGPPeer.Unsupported(v, Words{"afi": family}) {
		return &Error{Kind: ErrNoVersion, Router: r.Address(), Version: v.String(), Word: "afi", Message: why}
	}
	menu := sessionMenus[slices.IndexFunc(sessionMenus, func(m sessionMenu) bool { return m.Contains(v) })]
	rows, err := r.print(ctx, menu.path, []string{".id", "name", "established"}, nil)
	if err != nil {
		return t.lacking(err)
	}
	var up []string
	for _, row := range rows {
		if menu.of(row, peer) && row["established"] == "true" {
			up = append(up, row[".id"])
		}
	}
	if up == nil {
		return &Error{Kind: ErrNotFound, Router: r.Address(), Version: v.String(), Word: "name",
			Message: fmt.Sprintf("BGP peer %q has no session that is up, so there is nothing to %s", peer, verb),
			Advice:  "What keeps it down is in " + menu.path + " and in the router's log. Once it is up, all routes are exchanged anyway."}
	}
	command := []string{menu.path + "/" + verb, "=.id=" + strings.Join(up, ",")}
	if family != "" {
		command = append(command, "="+menu.family+"="+family)
	}
	_, err = r.run(ctx, command...)
	if lost(err) {
		_, err = r.run(ctx, command...) // to ask twice does no harm
	}
	return err
}

// bgpPeer finds a peer that is not switched off.
func (r *Router) bgpPeer(ctx context.Context, name string) (*Table, Row, error) {
	t := r.Table(BGPPeer)
	rows, err := t.Query(ctx, Match{Word: "name", AnyOf: []string{name}}) // as it is now: what is off must stay so
	if err != nil {
		return nil, Row{}, err
	}
	refuse := func(kind error, message, advice string) error {
		_, v, err := t.at(ctx)
		return &Error{Kind: kind, Router: r.Address(), Version: v.String(), Word: "name", Message: message, Advice: advice, err: err}
	}
	switch {
	case len(rows) == 0:
		return nil, Row{}, refuse(ErrNotFound, fmt.Sprintf("there is no BGP peer %q", name),
			"Refer to it as routeros_bgp_peer.….name, so that Terraform creates it first.")
	case len(rows) > 1:
		return nil, Row{}, refuse(ErrDuplicate, fmt.Sprintf("there are %d BGP peers %q", len(rows), name), "Give them different names.")
	case rows[0].Words["disabled"] == "true":
		return nil, Row{}, refuse(ErrRefused, fmt.Sprintf("BGP peer %q is switched off", name), "Set its disabled = false first.")
	}
	return t, rows[0], nil
}
