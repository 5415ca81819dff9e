package metallb

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestWordsNewerThanMetalLB(t *testing.T) {
	for _, tt := range []struct {
		image, field string
		value        any
		written      string // "" is refused, "-" left out
	}{
		{"metallb/controller:v0.9.3", "sourceAddress", "10.0.0.9", ""},
		{"quay.io/metallb/controller:v0.11.0", "sourceAddress", "10.0.0.9", "source-address: 10.0.0.9"},
		{"", "sourceAddress", "10.0.0.9", ""},
		{"quay.io/metallb/controller:v0.11.0", "keepaliveTime", "30s", ""},
		{"quay.io/metallb/controller:v0.12.1@sha256:00", "keepaliveTime", "30s", "keepalive-time: 30s"},
		{"metallb/controller:v0.9.3", "ebgpMultiHop", true, "-"},
		{"quay.io/metallb/controller:v0.12.1", "ebgpMultiHop", true, "ebgp-multihop: true"},
		{"quay.io/metallb/controller:main", "ebgpMultiHop", true, "-"},
	} {
		f := newFake(t, Config{Backend: "configmap"}, controller(tt.image))
		peer := storyPeer()
		peer.Spec[tt.field] = tt.value
		_, err := f.metallb.Create(t.Context(), peer)
		var refused *Error
		switch {
		case tt.written == "":
			if !errors.As(err, &refused) || refused.Field != tt.field || !errors.Is(err, ErrRefused) || f.text() != "" {
				t.Errorf("%s, %s: %v", tt.image, tt.field, err)
			}
			continue
		case err != nil:
			t.Errorf("%s, %s: %v", tt.image, tt.field, err)
			continue
		case tt.written == "-":
			f.wantText(strings.Split(story, "address-pools")[0])
		case !strings.Contains(f.text(), tt.written):
			t.Errorf("%s, %s: wrote %s", tt.image, tt.field, f.text())
		}
		f.wantBack(peer)
	}
}

// TestNoLabels: what the ConfigMap has no place for is refused, not forgotten.
func TestNoLabels(t *testing.T) {
	f := newFake(t, Config{Backend: "configmap"})
	pool := storyPool()
	pool.Labels = map[string]string{"team": "a"}
	_, err := f.metallb.Create(t.Context(), pool)
	if refused, ok := errors.AsType[*Error](err); !ok || refused.Field != "labels" || !errors.Is(err, ErrRefused) || f.text() != "" {
		t.Errorf("labels: %v", err)
	}
}

func TestRefusals(t *testing.T) {
	pool := func(protocol string, addresses ...any) *Object {
		return &Object{Kind: AddressPool, Name: "p", Spec: map[string]any{"protocol": protocol, "addresses": addresses}}
	}
	for _, tt := range []struct {
		text   string
		object *Object
		field  string
	}{
		{story, &Object{Kind: AddressPool, Name: "p", Spec: map[string]any{"addresses": []any{"10.0.0.0/24"}}}, "protocol"},
		{"peers: {}\naddress-pools: 7\n", pool("bgp", "10.0.0.0/24"), ""},
		{"a: b: c", pool("bgp", "10.0.0.0/24"), ""},
		{"- a\n", pool("bgp", "10.0.0.0/24"), ""},
		{"peers: []\n---\npeers: []\n", pool("bgp", "10.0.0.0/24"), ""},
	} {
		f := newFake(t, Config{}, configMap(tt.text))
		_, err := f.metallb.Create(t.Context(), tt.object)
		var refused *Error
		if !errors.As(err, &refused) || !errors.Is(err, ErrRefused) || refused.Field != tt.field {
			t.Errorf("%q: %v", tt.text, err)
		}
		f.wantText(tt.text)
	}
}

func TestOverlapWaitsForTheOther(t *testing.T) {
	f := newFake(t, Config{}, configMap(story))
	second := &Object{Kind: AddressPool, Name: "second", Spec: map[string]any{"protocol": "bgp", "addresses": []any{"192.168.128.128/25"}}}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer cancel()
	var refused *Error
	if _, err := f.metallb.Create(ctx, second); !errors.As(err, &refused) || refused.Field != "addresses" {
		t.Fatal(err)
	}
	done := make(chan error, 1)
	go func() {
		_, err := f.metallb.Create(t.Context(), second)
		done <- err
	}()
	shrunk := storyPool()
	shrunk.Spec["addresses"] = []any{"192.168.128.0/25"}
	if _, err := f.metallb.Update(t.Context(), storyPool(), shrunk); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
}
