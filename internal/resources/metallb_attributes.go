package resources

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

// The optional attributes of MetalLB's resources, one line each. They have no validators: metallb.Check judges the whole
// specification. What a field's default is, and which releases have it, is in the table of kinds; lifecycle.Object adds
// it to the description.

func plainText(description string) schema.StringAttribute {
	return schema.StringAttribute{Optional: true, MarkdownDescription: description}
}

func plainNumber(description string) schema.Int64Attribute {
	return schema.Int64Attribute{Optional: true, MarkdownDescription: description}
}

// timer is a time that is compared by its meaning.
func timer(description string) schema.StringAttribute {
	return schema.StringAttribute{Optional: true, CustomType: value.DurationType{}, MarkdownDescription: description}
}

// unordered are texts in no order.
func unordered(description string) schema.SetAttribute {
	return schema.SetAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: description}
}

// nested are the attributes of each element of a list.
func nested(description string, attributes map[string]schema.Attribute) schema.ListNestedAttribute {
	return schema.ListNestedAttribute{
		Optional: true, MarkdownDescription: description,
		NestedObject: schema.NestedAttributeObject{Attributes: attributes},
	}
}

// selectors choose objects by their labels.
func selectors(description string) schema.ListNestedAttribute {
	return nested(description+" One of the label selectors has to match, in all that it says.", selector())
}

func selector() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"match_labels": schema.MapAttribute{
			Optional: true, ElementType: types.StringType, MarkdownDescription: "Labels that the object has, with these values.",
		},
		"match_expressions": nested("What else is true of the object's labels.", map[string]schema.Attribute{
			"key":      schema.StringAttribute{Required: true, MarkdownDescription: "Key of a label, such as `kubernetes.io/hostname`."},
			"operator": schema.StringAttribute{Required: true, MarkdownDescription: "`In`, `NotIn`, `Exists` or `DoesNotExist`."},
			"values":   unordered("Values to compare with: at least one for `In` and `NotIn`, none for the others."),
		}),
	}
}

// announcing are the attributes of what an advertisement says of an address.
func announcing() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"aggregation_length": plainNumber("Length of the prefix that an IPv4 address is announced in, 1 to 32, and no shorter than the " +
			"prefixes that make up an entry of the pool's addresses."),
		"aggregation_length_v6": plainNumber("Likewise for IPv6, 1 to 128."),
		"local_pref": plainNumber("Local preference, 0 to 4294967295, for routers of the same AS. What is announced in the same prefix must " +
			"have the same."),
		"communities": unordered("Communities, at most 63: `65001:100`, `large:65001:1:2` (FRR modes only, from MetalLB 0.13.10), or a name that a " +
			"`metallb_community` gives to one."),
	}
}

// selecting are the attributes of which pools an advertisement announces, for which Services, and from which nodes.
func selecting() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"ip_address_pools":          unordered("Names of pools to announce. Without them and `ip_address_pool_selectors`, all are announced."),
		"ip_address_pool_selectors": selectors("Pools to announce by their labels, besides those of `ip_address_pools`."),
		"node_selectors":            selectors("Nodes that announce. MetalLB's default: all."),
		"service_selectors":         selectors("Services to announce. MetalLB's default: all."),
	}
}
