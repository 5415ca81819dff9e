package metallb

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// grace is how long is waited for what a sibling in the same run may be about to do: shrink a pool that overlaps, make
// the profile that is referred to.
const grace = 10 * time.Second

// patience is for a caller whose ctx has no end of its own.
const patience = 5 * time.Minute

// persist writes until it is done, refused for good, or ctx ends. What may pass is tried again:
// a webhook that is not up yet, an API server that is busy, an object that somebody else wrote in between, and, for a
// short while, what a sibling may change. An API server that cannot be reached at all is reported at once.
func persist(ctx context.Context, write func(context.Context) error) error {
	ctx, cancel := bounded(ctx)
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
			return &outOfTime{answer: last, waited: time.Since(began), end: ctx.Err()}
		case passing(err), mayChange(err) && time.Since(began) < grace:
		default:
			return err
		}
		last = err
		select {
		case <-ctx.Done():
			return &outOfTime{answer: last, waited: time.Since(began), end: ctx.Err()}
		case <-time.After(pause.Step()):
		}
	}
}

func bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	if _, ends := ctx.Deadline(); ends {
		return context.WithCancel(ctx)
	}
	return context.WithTimeout(ctx, patience)
}

// notYet is an answer that is another one once somebody is done with what he is at.
type notYet struct{ error }

func (e *notYet) Unwrap() error { return e.error }

// passing tells an answer that may be another one soon.
func passing(err error) bool {
	_, waits := errors.AsType[*notYet](err)
	return waits || lost(err) || webhookDown(err) || apierrors.IsTooManyRequests(err) ||
		apierrors.IsConflict(err) && len(kube.Rivals(err)) == 0
}

// lost tells that a write may have been carried out although it failed: whoever repeats it may find his own work. A
// webhook that cannot be asked comes before the write, a refused connection before the request.
func lost(err error) bool {
	if _, unsure := errors.AsType[*unsureError](err); unsure {
		return true
	}
	if status, answered := errors.AsType[*apierrors.StatusError](err); answered {
		return status.Status().Code >= http.StatusInternalServerError && !webhookDown(err) && !untypable(err)
	}
	return errors.Is(err, context.Canceled) || err != nil && (utilnet.IsProbableEOF(err) || utilnet.IsConnectionReset(err) || utilnet.IsTimeout(err) ||
		utilnet.IsHTTP2ConnectionLost(err))
}

// unsureError is the last of several failures, of which an earlier one may have carried out the write.
type unsureError struct{ error }

func (e *unsureError) Unwrap() error { return e.error }

// outOfTime keeps the last answer, which says more than that time ran out.
type outOfTime struct {
	answer error
	waited time.Duration
	end    error
}

func (e *outOfTime) note() string {
	return fmt.Sprintf(" (waited %s for it)", e.waited.Round(time.Second))
}
func (e *outOfTime) Error() string   { return e.answer.Error() + e.note() }
func (e *outOfTime) Unwrap() []error { return []error{e.answer, e.end} }
