module github.com/baremetal-lb/terraform-provider-routeros/internal/tools

go 1.26.0
