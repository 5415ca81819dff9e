// Package metallbtest is inputs for MetalLB, good and bad, as plain data: for the rules, and for those who judge besides,
// the schema of the custom resources and MetalLB's webhooks.
package metallbtest

// Object is one piece of MetalLB's configuration.
type Object struct {
	Kind string // of the custom resource
	Name string
	Spec string // YAML, with the fields of metallb.Object
}

// BadInput is what a user should not get away with.
type BadInput struct {
	Name    string
	Kind    string
	Spec    string   // YAML, with the fields of metallb.Object
	Field   string   // that the problem is about
	Says    string   // part of the message
	Warning bool     // MetalLB accepts it, and so do we, with a warning
	Beside  []Object // what it is wrong beside; nil if it is wrong by itself
	Mode    string   // in which it is wrong; "" if in all
	AtApply string   // why no plan can refuse it; "" if one does
}

// Why a plan cannot tell.
const (
	neighbour = "a plan asks no cluster, and Terraform shows a resource nothing of another"
	mode      = "which mode MetalLB runs in is seen in the cluster only"
)

// GoodInput is what everybody accepts.
type GoodInput struct {
	Name, Kind, Spec string
	NotNative        bool // MetalLB's native mode refuses it
}
