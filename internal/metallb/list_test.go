package metallb

import (
	"errors"
	"reflect"
	"testing"
)

// TestListConfigMap: every object comes with the name by which it is found again.
func TestListConfigMap(t *testing.T) {
	f := newFake(t, Config{}, configMap(foreign+`
  - name: second
    protocol: bgp
    addresses: [10.2.0.0/24]
`))
	f.create(&Object{Kind: BGPPeer, Name: "six", Spec: map[string]any{
		"myASN": int64(65001), "peerASN": int64(65000), "peerAddress": "2001:db8::1", "peerPort": int64(1179),
	}})
	for kind, want := range map[Kind][][2]string{
		AddressPool:      {{"My_Pool", "My_Pool"}, {"second", "second"}},
		Community:        {{"communities", "communities"}},
		BFDProfile:       nil,
		BGPAdvertisement: nil,
		L2Advertisement:  nil,
		BGPPeer: {
			{"peer-10-0-0-1-ab07129d", "peer-10-0-0-1-ab07129d@10.0.0.1#ab07129d"},
			{"peer-10-0-0-2", "peer-10-0-0-2@10.0.0.2"},
			{"peer-2001-0db8-0000-0000-0000-0000-0000-0001-1179", "peer-2001-0db8-0000-0000-0000-0000-0000-0001-1179@[2001:db8::1]:1179"},
		},
	} {
		objects, err := f.metallb.List(t.Context(), kind, "")
		if err != nil {
			t.Fatal(err)
		}
		var got [][2]string
		for _, o := range objects {
			got = append(got, [2]string{o.Name, o.Key})
			again, err := f.metallb.Get(t.Context(), &Object{Kind: kind, Name: o.Key})
			if err != nil || !reflect.DeepEqual(again, o) {
				t.Errorf("by its key %s: %+v, %v; want %+v", o.Key, again, err, o)
			}
		}
		if !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v, want %v", kind, got, want)
		}
	}
	if objects, err := f.metallb.List(t.Context(), BGPPeer, "elsewhere"); !errors.Is(err, ErrNoMetalLB) {
		t.Errorf("of a namespace without MetalLB: %v, %v", objects, err)
	}
}
