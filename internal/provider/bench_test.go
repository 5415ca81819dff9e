package provider

import "testing"

// BenchmarkUnchangedRule is what a plan asks of the provider for each object that has not changed, without the CLI and the
// pipe between, of our server and of the framework's own behind it.
func BenchmarkUnchangedRule(b *testing.B) {
	s := serve(b, "7.20.8")
	rule := s.create("routeros_dstnat", map[string]any{"protocol": "tcp", "dst_port": "80", "in_interface": "ether1",
		"to_addresses": "192.168.128.1", "to_ports": "80", "comment": "http"})
	upgrade, read, plan := rule.upgrade(), rule.read(), rule.plan()
	for _, by := range []struct {
		name   string
		server frameworkServer
	}{{"ours", s.ours}, {"framework", s.ours.frameworkServer}} {
		for _, question := range []struct {
			name string
			ask  func() error
		}{
			{"upgrade", func() error { _, err := by.server.UpgradeResourceState(b.Context(), upgrade); return err }},
			{"validate", func() error {
				_, err := by.server.ValidateResourceConfig(b.Context(), rule.validate())
				return err
			}},
			{"read", func() error { _, err := by.server.ReadResource(b.Context(), read); return err }},
			{"plan", func() error { _, err := by.server.PlanResourceChange(b.Context(), plan); return err }},
		} {
			b.Run(question.name+"/"+by.name, func(b *testing.B) {
				b.ReportAllocs()
				for b.Loop() {
					if err := question.ask(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
