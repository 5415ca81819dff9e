package routeros

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Between two looks at what is awaited passes this time, longer and longer, so that waiting costs a router nothing.
const (
	firstPause = 250 * time.Millisecond
	lastPause  = 5 * time.Second
)

// await looks until there is what is wanted, or until timeout, and gives what it saw last. A connection that is lost
// meanwhile is no reason to give up.
func await(ctx context.Context, timeout time.Duration, look func() ([]Words, error), wanted func([]Words) bool) (seen []Words, err error) {
	deadline := time.Now().Add(timeout)
	if seen, err = look(); err != nil {
		return nil, err
	}
	for pause := firstPause; ; pause = min(pause*3/2, lastPause) {
		left := time.Until(deadline)
		if err == nil && wanted(seen) || left <= 0 {
			return seen, err
		}
		select {
		case <-time.After(min(pause, left)):
		case <-ctx.Done():
			return nil, ctx.Err()
		}
		looked, failed := look()
		if failed != nil && !errors.Is(failed, ErrConnection) && !errors.Is(failed, ErrTimeout) {
			return nil, failed
		}
		if err = failed; err == nil {
			seen = looked
		}
	}
}

// AwaitRoutes looks at the routes in the words of Routes until one that passes the filters is active, and gives all that
// pass them then. After timeout it gives those that there are, and ErrNotYet. A filter that wants routes which are not
// active is for the answer.
func (r *Router) AwaitRoutes(ctx context.Context, timeout time.Duration, filters ...Match) ([]Words, error) {
	ask := func(filters []Match) ([]Words, error) {
		rows, err := r.Table(Routes).Query(ctx, filters...)
		return wordsOf(rows), err
	}
	awaited := slices.Clone(filters)
	idle := slices.IndexFunc(filters, func(f Match) bool { return f.Word == "active" && !slices.Contains(f.AnyOf, "yes") })
	if idle >= 0 {
		awaited[idle].AnyOf = []string{"yes"}
	}
	routes, err := await(ctx, timeout, func() ([]Words, error) { return ask(awaited) }, anyActive)
	if err != nil {
		return nil, err
	}
	if !anyActive(routes) {
		if err = r.noRoute(ctx, timeout, awaited, len(routes)); !errors.Is(err, ErrNotYet) {
			return nil, err
		}
	}
	if idle >= 0 {
		var failed error
		if routes, failed = ask(filters); failed != nil {
			return nil, failed
		}
	}
	return routes, err
}

// noRoute tells that no route is active, and how many there are that are not.
func (r *Router) noRoute(ctx context.Context, timeout time.Duration, awaited []Match, idle int) error {
	v, err := r.Version(ctx)
	if err != nil {
		return err
	}
	missing := &Error{Kind: ErrNotYet, Router: r.Address(), Version: v.String(),
		Message: fmt.Sprintf("no such route is active within %s (%s)", timeout, askedFor(awaited)),
		Advice: "A route to the address of a Service is there when the Service has the address, MetalLB announces its pool to a peer, and the " +
			"session with that peer is established: see metallb_load_balancer and routeros_bgp_sessions."}
	if idle > 0 {
		missing.Message = fmt.Sprintf("there are such routes (%d), but none is active within %s (%s)", idle, timeout, askedFor(awaited))
	}
	return missing
}

func anyActive(routes []Words) bool {
	for _, route := range routes {
		if spelled(route["active"]) == "true" {
			return true
		}
	}
	return false
}

// askedFor tells what is asked for.
func askedFor(filters []Match) string {
	var texts []string
	for _, f := range filters {
		texts = append(texts, f.Word+"="+strings.Join(f.AnyOf, ","))
	}
	return strings.Join(texts, ", ")
}
