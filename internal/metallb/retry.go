package metallb

import (
	"context"
	"errors"
	"net/http"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
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
	pause := wait.Backoff{Duration: 50 * time.Millisecond, Factor: 2, Jitter: 0.5, Steps: 1000, Cap: 5 * time.Second}
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
	status, ok := errors.AsType[*apierrors.StatusError](err)
	if !ok {
		return false
	}
	code := status.Status().Code
	return apierrors.IsConflict(err) || code == http.StatusTooManyRequests || code >= http.StatusInternalServerError
}

// outOfTime keeps the last answer, which says more than that time ran out.
type outOfTime struct{ answer, end error }

func (e *outOfTime) Error() string   { return e.answer.Error() }
func (e *outOfTime) Unwrap() []error { return []error{e.answer, e.end} }
