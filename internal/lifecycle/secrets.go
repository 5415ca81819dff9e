package lifecycle

import (
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros"
)

// A secret that is never in state is a pair of attributes: a write-only one, tagged wo:"tcp-md5-key" with the word that
// it sets, and its version, tagged version:"tcp-md5-key". Only a new version has the secret sent again.
const (
	writeOnlyTag = "wo"
	versionTag   = "version"
)

// addSecrets adds the secrets of the configuration; the plan has none.
func addSecrets(words routeros.Words, config any) {
	for _, f := range fields(config, writeOnlyTag) {
		if text, ok := f.get().(basetypes.StringValue); ok && !f.isNull() {
			words[f.backend] = text.ValueString()
		}
	}
}

// changeSecrets adds the secrets whose versions have changed to want, and those that are no longer wanted to prior.
func changeSecrets(prior, want routeros.Words, state, plan, config any) {
	secrets := routeros.Words{}
	addSecrets(secrets, config)
	before := fields(state, versionTag)
	for i, f := range fields(plan, versionTag) {
		switch {
		case f.get().Equal(before[i].get()):
		case f.isNull():
			if _, known := prior[f.backend]; !known {
				prior[f.backend] = routeros.Masked // there is one, whatever it is
			}
		default:
			if secret, given := secrets[f.backend]; given { // it may turn out null at apply only
				want[f.backend] = secret
			}
		}
	}
}
