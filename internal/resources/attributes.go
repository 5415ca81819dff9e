package resources

import (
	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework-validators/listvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/setvalidator"
	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/value"
)

// The optional attributes of a router's menus, one line each. What a word's default is, and which releases have it, is
// in the menu's table; lifecycle.Row adds it to the description.

// text is any text but an empty one: what is not wanted is left out.
func text(description string, validators ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{Optional: true, MarkdownDescription: description,
		Validators: append(validators, stringvalidator.LengthAtLeast(1))}
}

// meant is a text that is compared by its meaning; what has none is refused.
func meant(kind value.Meaning, description string, validators ...validator.String) schema.StringAttribute {
	return schema.StringAttribute{Optional: true, CustomType: kind, MarkdownDescription: description,
		Validators: append([]validator.String{kind}, validators...)}
}

// choice is one of a few words.
func choice(description string, words ...string) schema.StringAttribute {
	return schema.StringAttribute{Optional: true, MarkdownDescription: description,
		Validators: []validator.String{stringvalidator.OneOf(words...)}}
}

// required makes a text one that must be there.
func required(attribute schema.StringAttribute) schema.StringAttribute {
	attribute.Optional, attribute.Required = false, true
	return attribute
}

func flag(description string) schema.BoolAttribute {
	return schema.BoolAttribute{Optional: true, MarkdownDescription: description}
}

// number is a whole number from least to most.
func number(description string, least, most int64) schema.Int64Attribute {
	return schema.Int64Attribute{Optional: true, MarkdownDescription: description,
		Validators: []validator.Int64{int64validator.Between(least, most)}}
}

// choices are some of a few words, in no order.
func choices(description string, words ...string) schema.SetAttribute {
	return schema.SetAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: description,
		Validators: []validator.Set{setvalidator.SizeAtLeast(1), setvalidator.ValueStringsAre(stringvalidator.OneOf(words...))}}
}

// names are names of other objects, in their order.
func names(description string) schema.ListAttribute {
	return schema.ListAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: description,
		Validators: []validator.List{listvalidator.SizeAtLeast(1), listvalidator.UniqueValues(),
			listvalidator.ValueStringsAre(stringvalidator.LengthAtLeast(1))}}
}

// comment and disabled mean the same in every menu.
func comment(more string) schema.StringAttribute {
	return schema.StringAttribute{Optional: true, MarkdownDescription: "Comment on the router." + more}
}

func disabled() schema.BoolAttribute {
	return flag("Whether it is switched off, but kept. A plan tells if somebody switched it off on the router, also where this is left out.")
}
