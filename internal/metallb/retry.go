package metallb

import (
	"context"
	"errors"
	"net/http"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/apimachinery/pkg/util/wait"
)

const (
	patience        = 2 * time.Minute // for a caller whose ctx has no end of its own
	overlapPatience = 5 * time.Second // two pools that swap addresses in one run
)

// persist writes until it is done, refused for good, or ctx ends. What may pass is tried again: a webhook that is not
// up yet, an API server that is busy, an object that somebody else wrote in between, and, for a short while, a pool
// that overlaps another. An API server that cannot be reached at all is reported at once.
func persist(ctx context.Context, write func(context.Context) error) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	pause := wait.Backoff{Duration: 50 * time.Millisecond, Factor: 2, Jitter: 0.5, Steps: 1000, Cap: time.Second}
	began := time.Now()
	var last error
	for {
		err := write(ctx)
		switch {
		case err == nil:
			return nil
		case ctx.Err() != nil && last != nil:
			return &outOfTime{answer: last, end: ctx.Err()}
		case passing(err), overlaps(err) && time.Since(began) < overlapPatience:
		default:
			return err
		}
		last = err
		select {
		case <-ctx.Done():
			return &outOfTime{answer: last, end: ctx.Err()}
		case <-time.After(pause.Step()):
		}
	}
}

// passing tells an answer that may be another one soon.
func passing(err error) bool {
	return lost(err) || webhookDown(err) || apierrors.IsConflict(err) || apierrors.IsTooManyRequests(err)
}

// lost tells that a write may have been carried out although it failed: whoever repeats it may find his own work. A
// webhook that cannot be asked comes before the write, a refused connection before the request.
func lost(err error) bool {
	if status, answered := errors.AsType[*apierrors.StatusError](err); answered {
		return status.Status().Code >= http.StatusInternalServerError && !webhookDown(err)
	}
	return errors.Is(err, context.Canceled) || err != nil && (utilnet.IsProbableEOF(err) || utilnet.IsConnectionReset(err) || utilnet.IsTimeout(err) ||
		utilnet.IsHTTP2ConnectionLost(err))
}

// outOfTime keeps the last answer, which says more than that time ran out.
type outOfTime struct{ answer, end error }

func (e *outOfTime) Error() string   { return e.answer.Error() }
func (e *outOfTime) Unwrap() []error { return []error{e.answer, e.end} }
