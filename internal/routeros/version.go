package routeros

import (
	"cmp"
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// Version is a RouterOS release. The zero Version stands for "no bound" in a Range.
type Version struct{ Major, Minor, Patch int }

// V is short for Version in tables: V(7, 20) is 7.20.
func V(major, minor int, patch ...int) Version {
	v := Version{Major: major, Minor: minor}
	if len(patch) > 0 {
		v.Patch = patch[0]
	}
	return v
}

// Betas and release candidates count as the release they lead to: their menus are that release's.
var versionText = regexp.MustCompile(`^(\d+)\.(\d+)(?:\.(\d+))?`)

// ParseVersion reads the version as /system/resource prints it: "7.20.8 (stable)", "6.49.15", "7.22rc1".
func ParseVersion(text string) (Version, error) {
	parts := versionText.FindStringSubmatch(text)
	if parts == nil {
		return Version{}, fmt.Errorf("%q is not a RouterOS version", text)
	}
	number := func(s string) int { n, _ := strconv.Atoi(s); return n }
	return Version{number(parts[1]), number(parts[2]), number(parts[3])}, nil
}

// Compare orders releases by age.
func (v Version) Compare(o Version) int {
	return cmp.Or(cmp.Compare(v.Major, o.Major), cmp.Compare(v.Minor, o.Minor), cmp.Compare(v.Patch, o.Patch))
}

func (v Version) String() string {
	if v.Patch == 0 {
		return fmt.Sprintf("%d.%d", v.Major, v.Minor)
	}
	return fmt.Sprintf("%d.%d.%d", v.Major, v.Minor, v.Patch)
}

// Range is the releases from From up to, but not including, Before. A zero bound is open.
type Range struct{ From, Before Version }

// Contains tells whether the release lies in the range.
func (r Range) Contains(v Version) bool {
	return (r.From == Version{} || v.Compare(r.From) >= 0) && (r.Before == Version{} || v.Compare(r.Before) < 0)
}

func (r Range) String() string {
	from, before := strings.TrimSuffix(r.From.String(), ".0"), strings.TrimSuffix(r.Before.String(), ".0")
	switch (Version{}) {
	case r.From:
		return "before " + before
	case r.Before:
		return "from " + from
	}
	return "from " + from + " and before " + before
}
