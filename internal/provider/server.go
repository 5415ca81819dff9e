package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lifecycle"
)

// Server makes the server of the provider of that version: the plugin framework's, with what a plan of thousands of unchanged
// objects would wait for taken out. The framework walks the whole schema for each attribute, several times for each object,
// so that one NAT rule that has not changed cost 10 ms and 10 MB of garbage (BenchmarkUnchangedRule). What is unchanged is
// answered here; everything else is the framework's.
func Server(version string) func() tfprotov6.ProviderServer {
	return func() tfprotov6.ProviderServer {
		p := &routerosProvider{version: version}
		inner, _ := providerserver.NewProtocol6(p)().(frameworkServer)
		return &server{inner, newSteady(p)}
	}
}

// frameworkServer is all that the framework's server answers.
type frameworkServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
}

type server struct {
	frameworkServer
	steady steady
}

func (s *server) ValidateResourceConfig(ctx context.Context, req *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	ctx, done := whileAsked(ctx)
	defer done()
	return s.frameworkServer.ValidateResourceConfig(ctx, req)
}

// UpgradeResourceState hands back state that is of today's form already.
func (s *server) UpgradeResourceState(ctx context.Context, req *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	if s.steady.isCurrent(req) {
		return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &tfprotov6.DynamicValue{JSON: req.RawState.JSON}}, nil
	}
	ctx, done := whileAsked(ctx)
	defer done()
	return s.frameworkServer.UpgradeResourceState(ctx, req)
}

func (s *server) UpgradeResourceIdentity(ctx context.Context, req *tfprotov6.UpgradeResourceIdentityRequest) (*tfprotov6.UpgradeResourceIdentityResponse, error) {
	ctx, done := whileAsked(ctx)
	defer done()
	return s.frameworkServer.UpgradeResourceIdentity(ctx, req)
}

// ReadResource finds an object as it was.
func (s *server) ReadResource(ctx context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	ctx, done := whileAsked(ctx)
	defer done()
	identity, is, err := s.steady.stillThere(ctx, req)
	switch {
	case err != nil:
		ctx = lifecycle.InVain(ctx, err)
	case is:
		return &tfprotov6.ReadResourceResponse{NewState: req.CurrentState, NewIdentity: identity}, nil
	}
	return s.frameworkServer.ReadResource(ctx, req)
}

// PlanResourceChange plans nothing where nothing is proposed, and a new object as it is proposed.
func (s *server) PlanResourceChange(ctx context.Context, req *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	ctx, done := whileAsked(ctx)
	defer done()
	if s.steady.stays(ctx, req) {
		return &tfprotov6.PlanResourceChangeResponse{
			PlannedState: req.ProposedNewState, PlannedPrivate: req.PriorPrivate, PlannedIdentity: req.PriorIdentity,
		}, nil
	}
	if planned, is := s.steady.comes(ctx, req); is {
		return &tfprotov6.PlanResourceChangeResponse{PlannedState: planned, PlannedPrivate: req.PriorPrivate, PlannedIdentity: req.PriorIdentity}, nil
	}
	return s.frameworkServer.PlanResourceChange(ctx, req)
}

func (s *server) ApplyResourceChange(ctx context.Context, req *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	ctx, done := whileAsked(ctx)
	defer done()
	return s.frameworkServer.ApplyResourceChange(ctx, req)
}
