// Package resources declares each type of resource: its model, its schema, and how both meet the back end. What they
// do is written once, in package lifecycle.
package resources

import (
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// All are the resources that the provider serves.
func All() []func() resource.Resource {
	return []func() resource.Resource{
		bgpInstance.Resource,
		bgpPeer.Resource,
		dstNAT.Resource,
		natOrder.Resource,
		addressPool.Resource,
		metallbBGPPeer.Resource,
		bgpAdvertisement.Resource,
		l2Advertisement.Resource,
		bfdProfile.Resource,
		community.Resource,
	}
}

// Lists are the resources that `terraform query` finds.
func Lists() []func() list.ListResource {
	return []func() list.ListResource{
		bgpInstance.ListResource,
		bgpPeer.ListResource,
		dstNAT.ListResource,
		natOrder.ListResource,
		addressPool.ListResource,
		metallbBGPPeer.ListResource,
		bgpAdvertisement.ListResource,
		l2Advertisement.ListResource,
		bfdProfile.ListResource,
		community.ListResource,
	}
}
