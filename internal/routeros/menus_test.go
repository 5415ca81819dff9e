package routeros

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var menus = []*Menu{BGPInstance, BGPPeer, DstNAT}

// TestWordsExist: every word that can be sent exists in the command tree of every release that it is sent to.
func TestWordsExist(t *testing.T) {
	dir := os.Getenv("ROUTEROS_TREES")
	if dir == "" {
		t.Skip("ROUTEROS_TREES names no folder of command trees (VERSION.json)")
	}
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
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
					if s, ok := word.spelling(version); ok {
						assert.Contains(t, arguments, s.Word, "%s: %s/%s", version, path, command)
					}
				}
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
	assert.Equal(t, "from 7.0 and before 7.19", to719.String())
	_, err = (&Menu{Noun: "thing", Paths: []Path{{since720, "/x"}}}).path(V(7, 19))
	require.ErrorIs(t, err, ErrNoVersion)
}
