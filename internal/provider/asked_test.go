package provider

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
)

type key struct{}

func TestWhileAsked(t *testing.T) {
	request, cancel := context.WithCancel(context.WithValue(t.Context(), key{}, "logger"))
	ctx, done := whileAsked(request)
	kept, forget := context.WithCancel(ctx) // as the framework does, and forgets to call
	t.Cleanup(forget)
	assert.Equal(t, "logger", kept.Value(key{}))
	cancel()
	<-kept.Done()
	assert.ErrorIs(t, ctx.Err(), context.Canceled, "it ends with the request")

	ctx, done2 := whileAsked(context.WithValue(t.Context(), key{}, "logger"))
	assert.NoError(t, ctx.Err())
	done2()
	assert.Nil(t, ctx.Value(key{}), "nothing of the request is kept")
	assert.Error(t, ctx.Err())
	<-ctx.Done()
	done()
}
