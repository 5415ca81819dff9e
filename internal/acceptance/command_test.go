package acceptance

import (
	"bufio"
	"context"
	"io"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A program whose context ends has the time to end what it has started.
func TestCommandIsInterrupted(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	cmd := Command(ctx, "sh", "-c", `trap 'echo tidied up; exit' INT; echo begun; while :; do sleep 0.05; done`)
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	lines := bufio.NewReader(out)
	begun, err := lines.ReadString('\n')
	require.NoError(t, err)
	require.Equal(t, "begun\n", begun)
	cancel()
	rest, err := io.ReadAll(lines)
	require.NoError(t, err)
	assert.Equal(t, "tidied up\n", string(rest))
	assert.ErrorIs(t, cmd.Wait(), context.Canceled)
}
