package datasources

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// TestWords: each attribute stands for a word that its menu has, under the name that follows from the word. A word that
// no menu has would read as null for ever.
func TestWords(t *testing.T) {
	sim := routerostest.StartTest(t, "7.24")
	router := routeros.New(routeros.Config{Address: sim.Addr(), Username: "admin"})
	t.Cleanup(router.Close)
	record, err := router.System(t.Context())
	require.NoError(t, err)
	has := func(menu *routeros.Menu, more ...string) func(string) bool {
		return func(word string) bool { _, known := menu.Word(word); return known || slices.Contains(more, word) }
	}
	for model, known := range map[any]func(string) bool{
		new(bgpSessionsModel):       has(routeros.BGPSessions),
		new(bgpSessionModel):        has(routeros.BGPSessions, ".about", "reason", "notification-sent", "notification-received"),
		new(bgpAdvertisementsModel): has(routeros.BGPAdvertisements),
		new(bgpAdvertisementModel):  has(routeros.BGPAdvertisements),
		new(routesModel):            has(routeros.Routes),
		new(routeModel):             has(routeros.Routes),
		new(natRulesModel):          has(routeros.NATRules),
		new(natRuleModel):           has(routeros.NATRules, ".id"),
		new(systemModel):            func(word string) bool { return record[word] != "" },
	} {
		kind := reflect.TypeOf(model).Elem()
		for i := range kind.NumField() {
			attribute, word := kind.Field(i).Tag.Get("tfsdk"), kind.Field(i).Tag.Get("ros")
			if word == "" {
				continue
			}
			assert.True(t, known(word), "%s: %s", kind, word)
			assert.Equal(t, strings.TrimPrefix(strings.NewReplacer(".", "_", "-", "_").Replace(word), "_"), attribute, kind)
		}
	}
}
