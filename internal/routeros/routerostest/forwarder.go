package routerostest

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"net/netip"
	"slices"
	"strconv"
)

// Forwarder forwards packets for a router, see [Forwards].
type Forwarder interface {
	// Forward makes packets go by these routes, and by these rules in their order, and by nothing else that it was told
	// before. Rules have the properties of /ip/firewall/nat; those that are disabled are left out. It is told all of
	// them whenever the router's configuration or what BGP has learned has changed one, under the router's lock. A rule
	// or route that it cannot carry out is an error, and is left out; as long as there is one, it is told all of them
	// again with every command to the router, so that what has become possible meanwhile is carried out.
	Forward(rules []map[string]string, routes []Route) error
	// Close takes all of it back, under the router's lock as well.
	Close() error
}

// Forwards gives the router a forwarder, which the router closes. It has an effect at Start only.
func Forwards(f Forwarder) Option { return func(c *config) { c.forwarder = f } }

// Route is a route in use, the only one to its destination.
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

const theForwarder = "the forwarder"

// forward lets the forwarder know what the configuration and BGP want; the caller holds the lock.
func (r *Router) forward() {
	if r.config.forwarder == nil || r.ctx.Err() != nil {
		return
	}
	rules, routes := r.world.natRules(), r.world.routes()
	same := slices.EqualFunc(rules, r.rules, maps.Equal) && slices.Equal(routes, r.routes)
	if same && r.failures[theForwarder] == nil {
		return
	}
	r.rules, r.routes = rules, routes
	r.failed(theForwarder, r.config.forwarder.Forward(rules, routes))
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

// routes are those in use that have an address for a gateway: of those in the main table the nearest to a destination.
func (w *world) routes() []Route {
	type candidate struct {
		Route
		distance int
	}
	var all []candidate
	for _, r := range w.tables[ipRouteMenu].rows {
		destination, err := netip.ParsePrefix(valueOr(r, "dst-address", "0.0.0.0/0"))
		gateway, failed := netip.ParseAddr(r.values["gateway"])
		aside := valueOr(r, "routing-table", "main") != "main" || r.values["routing-mark"] != ""
		if err == nil && failed == nil && !aside && r.values["disabled"] != "true" && !r.dynamic {
			distance, _ := strconv.Atoi(valueOr(r, "distance", "1"))
			all = append(all, candidate{Route{destination, gateway}, distance})
		}
	}
	if w.speaker != nil {
		for _, r := range w.speaker.State().Routes {
			if r.inUse() {
				distance, _ := strconv.Atoi(r.rank()[0].value)
				all = append(all, candidate{Route{r.Destination, r.Gateway}, distance})
			}
		}
	}
	slices.SortStableFunc(all, func(a, b candidate) int { return cmp.Compare(a.distance, b.distance) })
	var nearest []Route
	seen := map[netip.Prefix]bool{}
	for _, c := range all {
		if !seen[c.Destination] {
			nearest = append(nearest, c.Route)
		}
		seen[c.Destination] = true
	}
	return nearest
}
