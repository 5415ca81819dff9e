package value

import (
	"context"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// Duration is a time as RouterOS takes it: `1w2d3h4m5s` with any of its parts, milliseconds (`500ms`), clock form
// (`00:01:30`, `08:00`, after days or weeks too: `1d02:00:00`), plain seconds (`90`), or `infinity`.
type Duration = Value[duration]

// DurationType is Duration's attribute type.
type DurationType = Type[duration]

type duration struct{}

// Infinity is the Duration that never ends.
const Infinity = "infinity"

// ListTimeout is how long an address stays on an address list: a Duration, `none-dynamic` for until the next reboot,
// which is what RouterOS makes of 0s too, or `none-static` for ever.
type ListTimeout = Value[listTimeout]

// ListTimeoutType is ListTimeout's attribute type.
type ListTimeoutType = Type[listTimeout]

type listTimeout struct{}

// longest is the most that a time.Duration holds with a year to spare.
const longest = 291 * 365 * 24 * time.Hour

const timePattern = `[0-9a-z:]+`

var (
	unitForm  = regexp.MustCompile(`^(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$`)
	clockForm = regexp.MustCompile(`^(?:(\d+)w)?(?:(\d+)d)? ?(\d+):([0-5]\d)(?::([0-5]\d))?$`)
	plainForm = regexp.MustCompile(`^(\d+)$`)

	unitNames  = []string{"w", "d", "h", "m", "s", "ms"}
	unitParts  = []time.Duration{7 * 24 * time.Hour, 24 * time.Hour, time.Hour, time.Minute, time.Second, time.Millisecond}
	plainParts = []time.Duration{time.Second}
)

func (duration) Name() string    { return "duration" }
func (listTimeout) Name() string { return "timeout" }

func (duration) Canonical(text string) (string, error) {
	if text == Infinity {
		return text, nil
	}
	d, err := ParseDuration(text)
	if err != nil {
		return "", err
	}
	return spell(d), nil
}

func (listTimeout) Canonical(text string) (string, error) {
	if text == "none-dynamic" || text == "none-static" {
		return text, nil
	}
	d, err := ParseDuration(text)
	switch {
	case err != nil:
		return "", fmt.Errorf("%q is no timeout: give a duration like 1h or 1d, none-dynamic or none-static", text)
	case d == 0:
		return "none-dynamic", nil
	}
	return spell(d), nil
}

// ParseDuration reads any finite form of Duration.
func ParseDuration(text string) (time.Duration, error) {
	fail := fmt.Errorf("%q is no duration: give it as 90s, 1m30s, 2h or 1d, or infinity where that is allowed", text)
	for _, form := range []struct {
		*regexp.Regexp
		parts []time.Duration
	}{{plainForm, plainParts}, {clockForm, unitParts}, {unitForm, unitParts}} {
		found := form.FindStringSubmatch(text)
		if found == nil || text == "" {
			continue
		}
		var sum time.Duration
		for i, digits := range found[1:] {
			if digits == "" {
				continue
			}
			n, err := strconv.ParseInt(digits, 10, 64)
			if err != nil || n > int64((longest-sum)/form.parts[i]) {
				return 0, fail
			}
			sum += time.Duration(n) * form.parts[i]
		}
		return sum, nil
	}
	return 0, fail
}

// spell writes a duration as RouterOS does: 600 seconds are 10m.
func spell(d time.Duration) string {
	if d < time.Millisecond {
		return "0s"
	}
	var text strings.Builder
	for i, size := range unitParts {
		if n := d / size; n > 0 {
			fmt.Fprintf(&text, "%d%s", n, unitNames[i])
		}
		d %= size
	}
	return text.String()
}

// DurationBetween refuses durations out of bounds, and infinity unless it is allowed.
func DurationBetween(least, most time.Duration, infinity bool) validator.String {
	return between{least, most, infinity}
}

type between struct {
	least, most time.Duration
	infinity    bool
}

func (b between) Description(context.Context) string {
	form := fmt.Sprintf("from %s to %s", spell(b.least), spell(b.most))
	if b.infinity {
		form += ", or infinity"
	}
	return form
}

func (b between) MarkdownDescription(ctx context.Context) string { return b.Description(ctx) }

func (b between) ValidateString(ctx context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	text := req.ConfigValue.ValueString()
	d, err := ParseDuration(text)
	if (text == Infinity && b.infinity) || (err != nil && text != Infinity) || (err == nil && d >= b.least && d <= b.most) {
		return // what is no duration at all is the type's to say
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Duration out of range",
		fmt.Sprintf("%q is not allowed here: give a duration %s.", text, b.Description(ctx)))
}
