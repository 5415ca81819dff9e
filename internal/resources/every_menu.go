package resources

import "github.com/hashicorp/terraform-plugin-framework/resource/schema"

// commentAttribute and disabledAttribute mean the same in every menu of RouterOS.
func commentAttribute(more string) schema.Attribute {
	return schema.StringAttribute{Optional: true, MarkdownDescription: "Comment on the router." + more}
}

func disabledAttribute() schema.Attribute {
	return schema.BoolAttribute{Optional: true, MarkdownDescription: "Whether it is switched off, but kept. RouterOS' default: `false`."}
}
