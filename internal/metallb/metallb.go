// Package metallb is MetalLB's configuration as plain values, whether the cluster keeps it in custom resources (MetalLB
// from 0.13) or in one ConfigMap (0.9 to 0.12). It knows nothing of Terraform.
package metallb

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// Object is one piece of MetalLB's configuration. Spec has the CRD's field names at every depth; its values are bool,
// int64, string, map[string]any, []any, and, in what is not applied yet, Unknown. The fields are those of the custom
// resource (see kinds.go), and these, which no custom resource has:
//
// Address pools: protocol, "bgp" or "layer2". The ConfigMap demands one; with CRDs, where it is optional, it stands for
// a BGPAdvertisement or L2Advertisement of the pool's name, which comes and goes with the pool. bgpAdvertisements, with
// protocol "bgp", is a list of what each of its advertisements says: aggregationLength, aggregationLengthV6, localPref,
// communities; absent, there is one with MetalLB's defaults.
//
// BGP peers: managedPassword, the password itself. With CRDs it is kept in a Secret that comes and goes with the peer,
// in the ConfigMap as the peer's password. It is never read back: Spec then has managedPassword ManagedPasswordSet. In
// the ConfigMap a peer has no name: peerAddress, peerPort and nodeSelectors identify it.
type Object struct {
	Kind      Kind
	Namespace string // "" is Config.Namespace
	Name      string
	Labels    map[string]string // of what is written, those that are ours; the ConfigMap has none
	Spec      map[string]any
	Force     bool // write or delete it even if Services lose their addresses

	// Of an object that was read or written:
	Key     string   // the Name by which Get finds it, knowing nothing else
	Backend Backend  // where it is, or, of one to delete, where it was found
	Notices []string // what the user should know of it and MetalLB does not tell

	blocks []entry // of a frozen pool
}

// Backend is where an object is.
type Backend string

// The places of an object. Misplaced is one in the ConfigMap of a cluster that has MetalLB's CRDs by now: MetalLB no longer
// looks there, and Update moves it.
const (
	CRD       Backend = "crd"
	ConfigMap Backend = "configmap"
	Misplaced Backend = "misplaced"
)

func (o *Object) copy() *Object {
	dup := *o
	dup.Spec = runtime.DeepCopyJSON(o.Spec)
	dup.blocks = nil // a copy may be changed
	return &dup
}

// Freeze is for an object that many others are judged beside: what Conflicts looks at in each of them is read once. Its
// Spec is not to be changed any more.
func (o *Object) Freeze() {
	if o.Kind == AddressPool {
		o.blocks = entriesOf(part{value: o.Spec["addresses"]})
	}
}

// text is a field of type string, "" if it is absent.
func (o *Object) text(field string) string {
	text, _ := o.Spec[field].(string)
	return text
}

// Config says where MetalLB keeps its configuration.
type Config struct {
	Namespace string // "" is metallb-system
	Backend   string // crd, configmap, or auto: what the cluster has; "" is auto
	ConfigMap string // name of the ConfigMap, "" is config
	// ForceConflicts takes over also those fields of custom resources that somebody else declares: Argo CD, Helm, kubectl
	// apply --server-side, another Terraform.
	ForceConflicts bool
	Waiting        func(ctx context.Context, what string) // is told what a write waits for; may be nil
}

// MetalLB is the configuration of one MetalLB. It is safe for concurrent use.
type MetalLB struct {
	cluster *kube.Cluster
	config  Config
	lists   *lists
	writing sync.Mutex // one writer of the ConfigMap at a time
}

// New makes a MetalLB. It asks the cluster nothing yet.
func New(cluster *kube.Cluster, config Config) *MetalLB {
	config.Namespace = cmp.Or(config.Namespace, "metallb-system")
	config.Backend = cmp.Or(config.Backend, "auto")
	config.ConfigMap = cmp.Or(config.ConfigMap, "config")
	if config.Waiting == nil {
		config.Waiting = func(context.Context, string) {}
	}
	return &MetalLB{cluster: cluster, config: config, lists: newLists(cluster)}
}

// Namespace is where objects without one are.
func (m *MetalLB) Namespace() string { return m.config.Namespace }

// Cluster is the cluster's name.
func (m *MetalLB) Cluster() string { return m.cluster.Name() }

// store is a way to keep objects. They come with their namespace, and are not the caller's any more.
type store interface {
	get(ctx context.Context, known *Object) (*Object, error)
	create(ctx context.Context, want *Object) (*Object, error)
	update(ctx context.Context, prior, want *Object) (*Object, error)
	remove(ctx context.Context, known *Object) error
	list(ctx context.Context, kind Kind, namespace string) ([]*Object, error)
	problems(ctx context.Context, namespace string) ([]string, error)
}

// Get reads the object that known identifies by Kind, Namespace and Name. In the ConfigMap a peer is identified by
// peerAddress, peerPort and nodeSelectors of known.Spec, or by a Name of the form name@address. ErrNotFound if it is not
// there, or MetalLB is not. What is only where MetalLB looked before it had CRDs is found as Misplaced.
func (m *MetalLB) Get(ctx context.Context, known *Object) (*Object, error) {
	known, where := m.locate(known)
	s, err := m.store(ctx, where)
	var found *Object
	if err == nil {
		found, err = s.get(ctx, known)
	}
	if gone(err) {
		if _, custom := s.(*crdStore); custom && m.config.Backend == "auto" {
			if left, leftErr := m.text(where).get(ctx, known); leftErr == nil {
				left.Backend = Misplaced
				left.Notices = append(left.Notices, fmt.Sprintf("It is in ConfigMap %s, where MetalLB 0.13 and newer, whose CRDs are installed, "+
					"does not look: an apply makes it a custom resource.", m.config.ConfigMap))
				return left, nil
			}
		}
	}
	if errors.Is(err, ErrNoMetalLB) {
		err = fmt.Errorf("%w: %w", ErrNotFound, err)
	}
	return found, where.explain(err)
}

// List gives all objects of a kind in a namespace, "" being Config.Namespace. A peer of the ConfigMap, which has no name,
// gets one after its address. Unlike Get, it never gives what was read some seconds ago.
func (m *MetalLB) List(ctx context.Context, kind Kind, namespace string) ([]*Object, error) {
	all, where := m.locate(&Object{Kind: kind, Namespace: namespace})
	s, err := m.store(ctx, where)
	if err != nil {
		return nil, err
	}
	if custom, is := s.(*crdStore); is {
		custom.forget(all.Namespace)
	}
	found, err := s.list(ctx, kind, all.Namespace)
	return found, where.explain(err)
}

// Create writes a new object and gives it as stored. It retries, until ctx ends, what may pass: CRDs or a webhook that
// are not up, an API server that is busy. ErrExists if there is one already, ErrNoMetalLB if the cluster keeps no
// configuration of MetalLB. An Object together with an error exists now, though incomplete, or may exist.
func (m *MetalLB) Create(ctx context.Context, want *Object) (*Object, error) {
	want, where := m.locate(want)
	ctx, cancel := bounded(ctx)
	defer cancel()
	for {
		s, err := m.awaitStore(ctx, where, want.Kind)
		if err != nil {
			return nil, err
		}
		made, err := s.create(ctx, want.copy())
		if !errors.Is(err, ErrNoMetalLB) {
			return made, where.explain(err)
		}
		// It was there a moment ago: it is on its way, or somebody replaces it.
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(time.Second):
		}
	}
}

// Update changes an object, gives it as stored, and retries as Create does. Fields of prior that are not in want go
// back to MetalLB's default; fields in neither stay as they are. ErrNotFound if the object is gone. One that is
// Misplaced becomes a custom resource; the ConfigMap stays as it is, for the MetalLB that may still read it.
func (m *MetalLB) Update(ctx context.Context, prior, want *Object) (*Object, error) {
	prior, _ = m.locate(prior)
	want, where := m.locate(want)
	s, err := m.store(ctx, where)
	if err != nil {
		return nil, err
	}
	made, err := s.update(ctx, prior, want)
	if _, custom := s.(*crdStore); custom && gone(err) && m.config.Backend == "auto" && m.bring(ctx, where, prior, want) {
		made, err = s.create(ctx, want)
	}
	return made, where.explain(err)
}

// bring tells whether prior is in the ConfigMap, and has want take from there what nobody else knows: a managed password.
func (m *MetalLB) bring(ctx context.Context, where place, prior, want *Object) bool {
	open := prior.copy()
	delete(open.Spec, "managedPassword") // which keeps the password from being read
	left, err := m.text(where).get(ctx, open)
	if err != nil {
		return false
	}
	if password := left.text("password"); password != "" && want.Spec["managedPassword"] == ManagedPasswordSet {
		want.Spec["managedPassword"] = password
	}
	return true
}

// Delete removes an object: one that is Misplaced, from the ConfigMap. If it, its namespace, or MetalLB is gone already,
// that is no error.
func (m *MetalLB) Delete(ctx context.Context, known *Object) error {
	known, where := m.locate(known)
	s, err := m.store(ctx, where)
	if known.Backend == Misplaced && m.config.Backend == "auto" {
		s = m.text(where)
	}
	if err == nil {
		err = s.remove(ctx, known)
	}
	if errors.Is(err, ErrNoMetalLB) || gone(err) {
		return nil
	}
	return where.explain(err)
}

// gone tells that an object is not there, by this package's word or by the cluster's.
func gone(err error) bool { return errors.Is(err, ErrNotFound) || errors.Is(err, kube.ErrNotFound) }

func (m *MetalLB) locate(object *Object) (*Object, place) {
	object = object.copy()
	object.Namespace = cmp.Or(object.Namespace, m.config.Namespace)
	return object, place{cluster: m.Cluster(), namespace: object.Namespace, object: fmt.Sprintf("%s %s", object.Kind, object.Name)}
}

var configMapResource = schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}

func (m *MetalLB) text(where place) *configMapStore {
	return &configMapStore{cluster: m.cluster, lists: m.lists, where: where, name: m.config.ConfigMap, writing: &m.writing}
}

// store decides between the two, at each call: Helm may install MetalLB between two of them.
func (m *MetalLB) store(ctx context.Context, where place) (store, error) {
	custom := &crdStore{MetalLB: m, where: where}
	switch m.config.Backend {
	case "crd":
		return custom, nil
	case "configmap":
		return m.text(where), nil
	}
	served, err := m.cluster.Serves(ctx, poolResource)
	if err != nil {
		return nil, where.explain(err)
	}
	if served {
		return custom, nil
	}
	_, err = m.cluster.Get(ctx, configMapResource, where.namespace, m.config.ConfigMap)
	if errors.Is(err, kube.ErrNotFound) {
		return nil, where.refuse(ErrNoMetalLB, "", fmt.Sprintf(
			"no MetalLB found: the cluster serves no ipaddresspools of metallb.io/v1beta1, and namespace %s has no ConfigMap %s",
			where.namespace, m.config.ConfigMap),
			`Install MetalLB 0.13 or newer, or, for MetalLB 0.9 to 0.12, set metallb.backend = "configmap" to have the ConfigMap made.`)
	}
	if err != nil {
		return nil, where.explain(err)
	}
	return m.text(where), nil
}

// awaitStore is store for a new object, which may come before the MetalLB it belongs to: one apply may install both.
func (m *MetalLB) awaitStore(ctx context.Context, where place, kind Kind) (found store, err error) {
	told := false
	err = persist(ctx, func(ctx context.Context) error {
		found, err = m.store(ctx, where)
		if custom, ok := found.(*crdStore); ok && err == nil {
			served, askErr := m.cluster.Serves(ctx, resourceOf(kind))
			if askErr != nil {
				return askErr
			}
			if !served {
				err = custom.noMetalLB(kind)
			}
		}
		if errors.Is(err, ErrNoMetalLB) {
			if !told {
				m.config.Waiting(ctx, err.Error())
				told = true
			}
			return &notYet{err}
		}
		return err
	})
	return found, where.explain(err)
}
