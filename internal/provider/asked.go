package provider

import (
	"context"
	"sync/atomic"
	"time"
)

// asked is the context of a request for as long as it is answered. The framework keeps a cancel function of every request's
// context until the provider stops, and with it all that hangs on the context, which is 12 KB and more for each of the
// thousands of requests of a plan; of this one, nothing but itself.
type asked struct {
	request atomic.Pointer[context.Context]
}

// ended is what is left of a request that was answered.
var ended = func() context.Context {
	ctx, end := context.WithCancel(context.Background())
	end()
	return ctx
}()

// whileAsked gives the context to answer a request with; done is to be called when it is answered.
func whileAsked(ctx context.Context) (_ context.Context, done func()) {
	a := &asked{}
	a.request.Store(&ctx)
	return a, func() { a.request.Store(&ended) }
}

func (a *asked) Deadline() (time.Time, bool) { return (*a.request.Load()).Deadline() }
func (a *asked) Done() <-chan struct{}       { return (*a.request.Load()).Done() }
func (a *asked) Err() error                  { return (*a.request.Load()).Err() }
func (a *asked) Value(key any) any           { return (*a.request.Load()).Value(key) }
