// Package actions declares each action: what can be done to a router beside having it as configured. How they run is
// written once, in package lifecycle.
package actions

import "github.com/hashicorp/terraform-plugin-framework/action"

// All are the actions that the provider serves.
func All() []func() action.Action {
	return []func() action.Action{bgpSession.Action}
}
