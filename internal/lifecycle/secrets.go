package lifecycle

import "github.com/hashicorp/terraform-plugin-framework/types/basetypes"

// A secret that is never in state is a pair of attributes: a write-only one, tagged wo:"tcp-md5-key" with the back end's
// name of it, and its version, tagged version:"tcp-md5-key". Only a new version has the secret sent again.
const (
	writeOnlyTag = "wo"
	versionTag   = "version"
)

// secrets are those of a configuration, by the back end's names; a plan has none.
func secrets(config any) map[string]string {
	given := map[string]string{}
	for _, f := range fields(config, writeOnlyTag) {
		if text, ok := f.get().(basetypes.StringValue); ok && !f.isNull() {
			given[f.backend] = text.ValueString()
		}
	}
	return given
}

// changedSecrets are the secrets whose versions have changed, and the names of those that are no longer wanted.
func changedSecrets(state, plan, config any) (sent map[string]string, dropped []string) {
	given, before := secrets(config), fields(state, versionTag)
	sent = map[string]string{}
	for i, f := range fields(plan, versionTag) {
		switch {
		case f.get().Equal(before[i].get()):
		case f.isNull():
			dropped = append(dropped, f.backend)
		default:
			if secret, is := given[f.backend]; is { // it may turn out null at apply only
				sent[f.backend] = secret
			}
		}
	}
	return sent, dropped
}
