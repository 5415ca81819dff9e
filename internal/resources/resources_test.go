package resources

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
)

// TestModelsAreMenus: a model has a field for each word of its menu and for nothing else, and an attribute is called as
// the newest RouterOS calls the word, dots and dashes turned into underscores.
func TestModelsAreMenus(t *testing.T) {
	for _, c := range []struct {
		menu  *routeros.Menu
		model any
	}{{routeros.BGPInstance, bgpInstanceModel{}}, {routeros.BGPPeer, bgpPeerModel{}}, {routeros.DstNAT, dstNATModel{}}} {
		var words []string
		for _, word := range c.menu.Words {
			words = append(words, word.Name)
		}
		var fields []string
		for _, f := range reflect.VisibleFields(reflect.TypeOf(c.model)) {
			word, ok := f.Tag.Lookup("ros")
			if !ok {
				continue
			}
			fields = append(fields, word)
			assert.Equal(t, strings.NewReplacer(".", "_", "-", "_").Replace(word), f.Tag.Get("tfsdk"), c.menu.Noun)
		}
		slices.Sort(words)
		slices.Sort(fields)
		assert.Equal(t, words, fields, c.menu.Noun)
	}
}
