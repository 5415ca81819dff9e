package provider

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
)

type key struct{}

// TestWhileAsked: until a request is answered its context is the request's; afterwards it has ended, and has nothing of it.
func TestWhileAsked(t *testing.T) {
	request, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "logger"))
	canceled, done := whileAsked(request)
	t.Cleanup(done)
	derived, forget := context.WithCancel(canceled) // as the framework does, and forgets to call
	t.Cleanup(forget)
	assert.Equal(t, "logger", derived.Value(key{}))
	cancel()
	<-derived.Done()
	assert.ErrorIs(t, canceled.Err(), context.Canceled, "it ends with the request")

	answered, done := whileAsked(context.WithValue(t.Context(), key{}, "logger"))
	assert.NoError(t, answered.Err())
	done()
	assert.Nil(t, answered.Value(key{}), "nothing of the request is kept")
	<-answered.Done()
	assert.Error(t, answered.Err())
}
