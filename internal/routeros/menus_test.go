package routeros

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var menus = []*Menu{BGPInstance, BGPPeer, DstNAT}

// excluded are the arguments of add that are no word, each with the reason.
var excluded = map[*Menu]map[string]string{
	BGPInstance: {"copy-from": onlyOnce},
	BGPPeer:     {"copy-from": onlyOnce},
	DstNAT: {
		"copy-from": onlyOnce, "place-before": "where a rule stands is not a property of it; an attribute besides the words sets it",
		"chain":         "it is what makes a rule one of dstnat",
		"out-interface": notYetRouted, "out-interface-list": notYetRouted, "out-bridge-port": notYetRouted, "out-bridge-port-list": notYetRouted,
	},
}

const (
	onlyOnce     = "it is a way to add, no property"
	notYetRouted = "in dstnat it is not known yet where a packet leaves; RouterOS refuses it there"
)

// TestWordsExist: every word that can be sent exists in the command tree of every release that it is sent to; and every
// argument that a release has is a word, or excluded for a reason.
func TestWordsExist(t *testing.T) {
	dir := os.Getenv("ROUTEROS_TREES")
	if dir == "" {
		t.Skip("ROUTEROS_TREES names no folder of command trees (VERSION.json)")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	covered := map[string]map[string]bool{}
	for _, file := range files {
		version, err := ParseVersion(strings.TrimSuffix(filepath.Base(file), ".json"))
		require.NoError(t, err)
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		var tree map[string]any
		require.NoError(t, json.Unmarshal(text, &tree))
		for _, menu := range menus {
			path, err := menu.path(version)
			require.NoError(t, err)
			node := tree
			for part := range strings.SplitSeq(path[1:], "/") {
				node, _ = node[part].(map[string]any)
			}
			for _, command := range []string{"add", "set"} {
				arguments, _ := node[command].(map[string]any)
				require.NotNil(t, arguments, "%s: %s/%s", version, path, command)
				for _, word := range menu.Words {
					if s, ok := word.spelling(version); ok && s.Always == "" {
						assert.Contains(t, arguments, s.Word, "%s: %s/%s", version, path, command)
					}
				}
			}
			arguments, _ := node["add"].(map[string]any)
			for argument := range arguments {
				if argument == "_type" { // the tree's own
					continue
				}
				where := fmt.Sprintf("%s: argument %s of %s", version, argument, path)
				switch word := menu.canonical(version, argument); {
				case word != "":
					assert.Empty(t, excluded[menu][argument], "%s is both a word and excluded", where)
					note(covered, menu.Noun, word)
				case strings.HasSuffix(path, "/template"):
					// What a template gives to its connections besides an instance's words is for the peer to say.
					assert.NotEmpty(t, BGPPeer.canonical(version, argument)+excluded[menu][argument], "%s is neither a word nor excluded", where)
				default:
					assert.NotEmpty(t, excluded[menu][argument], "%s is neither a word nor excluded", where)
				}
			}
		}
	}
	for _, menu := range menus {
		t.Logf("%s: %d words, %d of them on RouterOS 7; %d arguments excluded", menu.Noun, len(menu.Words), len(covered[menu.Noun]), len(excluded[menu]))
	}
}

func note(seen map[string]map[string]bool, in, what string) {
	if seen[in] == nil {
		seen[in] = map[string]bool{}
	}
	seen[in][what] = true
}

// of6 are the arguments of RouterOS 6, of which there are no command trees, after its manual and what print shows.
var of6 = map[*Menu]string{
	BGPInstance: `name as router-id redistribute-connected redistribute-static redistribute-rip redistribute-ospf redistribute-other-bgp
		out-filter client-to-client-reflection cluster-id confederation confederation-peers ignore-as-path-len routing-table disabled comment`,
	BGPPeer: `name instance remote-address remote-as remote-port tcp-md5-key nexthop-choice multihop route-reflect hold-time keepalive-time ttl
		max-prefix-limit max-prefix-restart-time in-filter out-filter allow-as-in address-families default-originate remove-private-as
		as-override passive use-bfd update-source cisco-vpls-nlri-len-fmt comment disabled`,
}

// TestWordsOf6 is TestWordsExist for RouterOS 6.
func TestWordsOf6(t *testing.T) {
	for menu, arguments := range of6 {
		known := strings.Fields(arguments)
		for _, argument := range known {
			assert.NotEmpty(t, menu.canonical(V(6, 49), argument), "argument %s of a %s is no word", argument, menu.Noun)
		}
		for _, word := range menu.Words {
			if s, ok := word.spelling(V(6, 49)); ok && s.Always == "" {
				assert.Contains(t, known, s.Word, menu.Noun)
			}
		}
	}
}

// TestTablesAreWhole: no release has two paths or two spellings of one thing, nor, from 6.40 on, no path.
func TestTablesAreWhole(t *testing.T) {
	for _, release := range releases {
		version, err := ParseVersion(release)
		require.NoError(t, err)
		for _, menu := range menus {
			count := 0
			for _, p := range menu.Paths {
				if p.Contains(version) {
					count++
				}
			}
			assert.Equal(t, 1, count, "%s of %s", menu.Noun, release)
			for _, word := range menu.Words {
				count := 0
				for _, s := range word.Spelled {
					if s.Contains(version) {
						count++
					}
				}
				assert.LessOrEqual(t, count, 1, "%s of %s in %s", word.Name, menu.Noun, release)
			}
		}
	}
}

func TestVersions(t *testing.T) {
	for text, want := range map[string]Version{"7.20.8 (stable)": {7, 20, 8}, "6.49.15": {6, 49, 15}, "7.22rc1": {7, 22, 0}, "7.1beta6 (development)": {7, 1, 0}} {
		got, err := ParseVersion(text)
		require.NoError(t, err)
		assert.Equal(t, want, got)
	}
	_, err := ParseVersion("seven")
	require.Error(t, err)
	assert.True(t, since720.Contains(V(7, 20)) && !since720.Contains(V(7, 19, 6)))
	assert.Equal(t, "from 7 and before 7.19", to719.String())
	_, err = (&Menu{Noun: "thing", Paths: []Path{{since720, "/x"}}}).path(V(7, 19))
	require.ErrorIs(t, err, ErrNoVersion)
}
