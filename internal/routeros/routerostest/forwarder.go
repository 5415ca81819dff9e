package routerostest

import (
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
)

// Forwarder forwards packets for a router, see [Forwards].
type Forwarder interface {
	// Forward makes packets go by these routes, and by these rules in their order, and by nothing else that it was told
	// before. Rules have the properties of /ip/firewall/nat; those that are disabled are left out. It is told all of
	// them whenever the router's configuration or what BGP has learned has changed one, under the router's lock. A rule
	// that it cannot carry out is an error, and is left out.
	Forward(rules []map[string]string, routes []Route) error
	// Close takes all of it back.
	Close() error
}

// Forwards gives the router a forwarder, which the router closes. It has an effect at Start only.
func Forwards(f Forwarder) Option { return func(c *config) { c.forwarder = f } }

// Route is a route in use.
type Route struct {
	Destination netip.Prefix
	Gateway     netip.Addr
}

// Failure tells what the speaker and the forwarder could not carry out of the router's configuration, the last time
// that it changed; nil if they carried out all of it, or there is none.
func (r *Router) Failure() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return errors.Join(slices.Collect(maps.Values(r.failures))...)
}

// failed notes what came of a change; nil takes back an earlier failure.
func (r *Router) failed(who string, err error) {
	delete(r.failures, who)
	if err != nil {
		r.failures[who] = fmt.Errorf("%s: %w", who, err)
	}
}

// forward lets the forwarder know what the configuration and BGP want; the caller holds the lock.
func (r *Router) forward() {
	if r.config.forwarder == nil || r.ctx.Err() != nil {
		return
	}
	rules, routes := r.world.natRules(), r.world.routes()
	if slices.EqualFunc(rules, r.rules, maps.Equal) && slices.Equal(routes, r.routes) {
		return
	}
	r.rules, r.routes = rules, routes
	r.failed("the forwarder", r.config.forwarder.Forward(rules, routes))
}

// natRules are the rules that are in force.
func (w *world) natRules() []map[string]string {
	var rules []map[string]string
	t := w.tables[natMenu]
	for _, row := range t.rows {
		if row.values["disabled"] != "true" && !dangling(t, row) {
			rules = append(rules, asMap(t.show(w, row)))
		}
	}
	return rules
}

// routes are those in use that have an address for a gateway.
func (w *world) routes() []Route {
	var routes []Route
	for _, r := range w.tables[ipRouteMenu].rows {
		destination, err := netip.ParsePrefix(valueOr(r, "dst-address", "0.0.0.0/0"))
		gateway, failed := netip.ParseAddr(r.values["gateway"])
		if err == nil && failed == nil && r.values["disabled"] != "true" && !r.dynamic {
			routes = append(routes, Route{destination, gateway})
		}
	}
	if w.speaker != nil {
		for _, r := range w.speaker.State().Routes {
			if r.Best {
				routes = append(routes, Route{r.Destination, r.Gateway})
			}
		}
	}
	return routes
}
