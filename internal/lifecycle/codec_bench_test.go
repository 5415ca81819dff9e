package lifecycle

import (
	"fmt"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
)

// modelOf is a model that has a text for each word of a menu.
func modelOf(menu *routeros.Menu) any {
	var all []reflect.StructField
	for i, word := range menu.Words {
		all = append(all, reflect.StructField{Name: fmt.Sprint("F", i), Type: reflect.TypeFor[types.String](),
			Tag: reflect.StructTag(fmt.Sprintf(`tfsdk:"f%d" ros:"%s"`, i, word.Name))})
	}
	return reflect.New(reflect.StructOf(all)).Interface()
}

// BenchmarkCodec is a model to words and back: one of few fields of many types, and one as wide as a rule, of which most is
// left out.
func BenchmarkCodec(b *testing.B) {
	worker := written()
	rule := modelOf(routeros.DstNAT)
	for _, f := range fields(rule, rosTag)[:3] {
		require.NoError(b, f.setString(b.Context(), "tcp"))
	}
	for name, c := range map[string]struct {
		menu  *routeros.Menu
		model any
	}{"peer": {routeros.BGPPeer, &worker}, "rule": {routeros.DstNAT, rule}} {
		words, err := encode(b.Context(), c.model)
		require.NoError(b, err)
		b.Run("encode/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_, _ = encode(b.Context(), c.model)
			}
		})
		b.Run("decode/"+name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				_ = decode(b.Context(), c.menu, words, c.model, false)
			}
		})
	}
}
