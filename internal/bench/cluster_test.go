package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestPoolsTarget: one list of each kind, and nothing else, in each run.
func TestPoolsTarget(t *testing.T) {
	once := served{requests: map[string]int{"LIST ipaddresspools": 1, "LIST communities": 1}}
	for name, c := range map[string]struct {
		objects int
		runs    []served
		said    string
		met     bool
	}{
		"once":         {many, []served{once, once}, "1 LIST communities, 1 LIST ipaddresspools", true},
		"twice":        {many, []served{{requests: map[string]int{"LIST ipaddresspools": 2}}, once}, "2 LIST ipaddresspools", false},
		"one each":     {many, []served{{requests: map[string]int{"GET ipaddresspools": 1}}}, "1 GET ipaddresspools", false},
		"of too few":   {2, []served{once}, "", true},
		"not measured": {many, nil, "", true},
	} {
		got := poolsTarget([]*clusterCell{{cell: newCell("plan", load{objects: c.objects}), served: c.runs}})
		assert.Equal(t, c.said, got.measured, name)
		assert.Equal(t, c.met, got.met, name)
	}
}

// TestServed: what was served before does not count.
func TestServed(t *testing.T) {
	before := served{map[string]int{"LIST pods": 3, "GET ipaddresspools": 7}, 1000}
	after := served{map[string]int{"LIST pods": 4, "GET ipaddresspools": 7, "APPLY ipaddresspools": 2}, 1500}
	assert.Equal(t, served{map[string]int{"LIST pods": 1, "APPLY ipaddresspools": 2}, 500}, after.since(before))
	for request, verb := range map[string]string{
		"LIST pods": "LIST", "APPLY ipaddresspools": "APPLY", "DELETECOLLECTION ipaddresspools": "others", "PATCH ipaddresspools": "others",
	} {
		assert.Equal(t, verb, verbs[verbOf(request)], request)
	}
}
