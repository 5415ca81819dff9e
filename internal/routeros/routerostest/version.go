package routerostest

import (
	"fmt"
	"strconv"
	"strings"
)

// version is a RouterOS release: major, minor, patch.
type version [3]int

func (v version) String() string {
	if v[2] == 0 {
		return fmt.Sprintf("%d.%d", v[0], v[1])
	}
	return fmt.Sprintf("%d.%d.%d", v[0], v[1], v[2])
}

func (v version) less(o version) bool {
	for i := range v {
		if v[i] != o[i] {
			return v[i] < o[i]
		}
	}
	return false
}

// atLeast reports whether v is major.minor or newer.
func (v version) atLeast(major, minor int) bool { return !v.less(version{major, minor}) }

// parseVersion reads "7.20.8" and refuses what nobody has described.
func parseVersion(s string) (version, error) {
	v, parts := version{}, strings.Split(s, ".")
	bad := len(parts) < 2 || len(parts) > 3
	for i, p := range parts {
		n, err := strconv.Atoi(p)
		if err != nil || n < 0 || i > 2 {
			bad = true
			break
		}
		v[i] = n
	}
	if bad {
		return v, fmt.Errorf("routerostest: %q is not a RouterOS version such as 7.20.8", s)
	}
	if (v[0] != 6 || v[1] < 40 || v[1] > 49) && (v[0] != 7 || v[1] < 1 || v[1] > 24) {
		return v, fmt.Errorf("routerostest: RouterOS %s is not modelled, only 6.40 … 6.49 and 7.1 … 7.24", s)
	}
	return v, nil
}

// described is the release whose tables a router of version v uses: nobody has listed the arguments of 7.1 … 7.8, and
// 7.9 is the best proxy (routeros-versions.md §0.5).
func (v version) described() version {
	if v[0] == 7 && v[1] < 9 {
		return version{7, 9}
	}
	return v
}

// releases says in which versions something exists: spans separated by spaces, "7.19-" from there on, "-7.18" up to
// there, "7.20.8-7.20" both, "" always. An upper bound of two numbers includes all patches of that release. Presence
// need not be monotone, hence several spans.
type releases string

func (r releases) has(v version) bool {
	if r == "" {
		return true
	}
	for _, span := range strings.Fields(string(r)) {
		low, high, _ := strings.Cut(span, "-")
		if low != "" && v.less(bound(low, 0)) {
			continue
		}
		if high != "" && bound(high, 1<<30).less(v) {
			continue
		}
		return true
	}
	return false
}

// bound reads one end of a span; a missing patch number is replaced.
func bound(s string, patch int) version {
	v := version{0, 0, patch}
	for i, p := range strings.SplitN(s, ".", 3) {
		n, err := strconv.Atoi(p)
		if err != nil {
			panic("routerostest: bad release " + s)
		}
		v[i] = n
	}
	return v
}

// Versions returns the releases that the simulator was modelled on, oldest first. Others between 6.40 and 7.24 start
// too and take what their neighbours have.
func Versions() []string {
	return strings.Fields(`6.49.2 6.49.15
		7.9 7.9.2 7.10.2 7.11.3 7.12.2 7.13.5 7.14.3 7.15 7.15.1 7.15.2 7.15.3 7.16 7.16.1 7.16.2 7.17 7.17.1
		7.18 7.18.1 7.18.2 7.19 7.19.1 7.19.2 7.19.3 7.19.4 7.19.6
		7.20 7.20.1 7.20.2 7.20.4 7.20.5 7.20.6 7.20.7 7.20.8 7.21 7.21.1 7.21.2 7.21.3 7.21.4 7.21.5
		7.22 7.22.1 7.22.2 7.22.3 7.23 7.23.1 7.23.2 7.23.3 7.24`)
}
