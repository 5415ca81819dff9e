package main

import (
	"bytes"
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func took(seconds float64) step {
	return step{ended: true, wall: time.Duration(seconds * float64(time.Second))}
}

// TestCompare: ratios are made within a run, and of what both have ended.
func TestCompare(t *testing.T) {
	c := newCell("plan", load{})
	c.steps[ours] = []step{took(2), took(9), took(8), took(3)}
	c.steps[peer] = []step{took(4), took(90), {hung: true}, took(9)}
	assert.InDelta(t, 5.5, c.median(ours, wall), 1e-9, "of an even number the mean of the middle two")
	assert.InDelta(t, 3, c.compare(peer, ours, over), 1e-9)
	assert.InDelta(t, 6, c.compare(peer, ours, less), 1e-9)
	assert.Equal(t, "5.50", c.seconds(ours))
	assert.Equal(t, "9.00 (hung 1 of 4)", c.seconds(peer))
	assert.Equal(t, none, c.seconds(floor))
}

func TestLimit(t *testing.T) {
	for _, c := range []struct {
		measured float64
		least    bool
		met      bool
		said     string
	}{
		{1.5, false, true, "1.50"}, {1.51, false, false, "1.51"}, {1.5, true, true, "1.50"}, {1.49, true, false, "1.49"},
		{math.NaN(), false, false, ""}, {math.NaN(), true, false, ""},
	} {
		got := limit("name", "what", c.measured, "%.2f", 1.5, c.least)
		assert.Equal(t, c.met, got.met, c)
		assert.Equal(t, c.said, got.measured, c)
	}
}

// TestTargets: a reason is told as long as there is need for it.
func TestTargets(t *testing.T) {
	reasons["late"] = "because"
	defer delete(reasons, "late")
	for _, c := range []struct {
		target
		row, why string
	}{
		{target{"late", "a", "b", "c", false}, "| a | b | c | no |\n", "Why not:\n\n- a: because\n"},
		{target{"late", "a", "b", "c", true}, "| a | b | c | yes |\n", ""},
		{target{"late", "a", "b", "", false}, "| a | b | not measured | – |\n", ""},
	} {
		var page bytes.Buffer
		report{sections: []section{{targets: []target{c.target}}}}.writeTargets(&page)
		assert.Contains(t, page.String(), c.row)
		if c.why == "" {
			assert.NotContains(t, page.String(), "Why not")
		}
		assert.Contains(t, page.String(), c.why)
	}
}

func TestKinds(t *testing.T) {
	for command, kind := range map[string]string{
		"/ip/firewall/nat/print": "Prints", "/ip/firewall/nat/add": "Adds", "/ip/firewall/nat/unset": "Sets",
		"/ip/firewall/nat/remove": "Removes", "/ip/firewall/nat/move": "Others", "/routing/bgp/session/reset": "Others",
	} {
		assert.Equal(t, kind, kinds[kindOf(command)].name, command)
	}
}

// TestMultiply: of one object in a state come as many as there are ids, that differ in what the subject says.
func TestMultiply(t *testing.T) {
	s := newOurs("")
	s.template = []byte(`{"serial": 7, "resources": [{"type": "routeros_dstnat", "instances": [{"index_key": 0,
		"attributes": {"id": "*1", "comment": "rule 0", "dst_port": "10000", "protocol": "tcp"}, "identity": {"id": "*1"}}]}]}`)
	text, err := multiply(s, []string{"*A", "*B"})
	require.NoError(t, err)
	var state struct {
		Serial    int
		Resources []struct {
			Type      string
			Instances []struct {
				Index                int `json:"index_key"`
				Attributes, Identity map[string]string
			}
		}
	}
	require.NoError(t, json.Unmarshal(text, &state))
	assert.Equal(t, 7, state.Serial)
	require.Len(t, state.Resources[0].Instances, 2)
	second := state.Resources[0].Instances[1]
	assert.Equal(t, 1, second.Index)
	assert.Equal(t, map[string]string{"id": "*B", "comment": "rule 1", "dst_port": "10001", "protocol": "tcp"}, second.Attributes)
	assert.Equal(t, map[string]string{"id": "*B"}, second.Identity)
	s.template = text
	_, err = multiply(s, []string{"*A"})
	assert.ErrorContains(t, err, "a state of one object was wanted")
}

func TestDecades(t *testing.T) {
	for _, c := range []struct{ values, want []float64 }{
		{[]float64{0.07, 21}, []float64{0.05, 50}}, {[]float64{1, 10}, []float64{1, 10}}, {[]float64{3}, []float64{2, 5}},
	} {
		low, high := decades(c.values)
		assert.InDeltaSlice(t, c.want, []float64{low, high}, 1e-9)
	}
}
