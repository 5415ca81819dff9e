package value

import (
	"fmt"
	"strconv"
	"strings"
)

// Ports are ports and port ranges, comma-separated: `80`, `80,443`, `1000-2000`; a leading `!` in a matcher means all
// but those.
type Ports = Value[ports]

// PortsType is Ports' attribute type.
type PortsType = Type[ports]

type ports struct{}

func (ports) Name() string { return "port" }

func (ports) Canonical(text string) (string, error) {
	not, rest := negation(text)
	list := strings.Split(rest, ",")
	for i, item := range list {
		from, to, isRange := strings.Cut(item, "-")
		if !isRange {
			to = from
		}
		first, errFirst := strconv.ParseUint(from, 10, 16)
		last, errLast := strconv.ParseUint(to, 10, 16)
		switch {
		case errFirst != nil || errLast != nil:
			return "", fmt.Errorf("%q is no port: give 0 to 65535, a range like 1000-2000, or several with commas (80,443)", text)
		case last < first:
			return "", fmt.Errorf("the range %q ends before it begins: give %d-%d", item, last, first)
		case first == last:
			list[i] = strconv.FormatUint(first, 10)
		default:
			list[i] = fmt.Sprintf("%d-%d", first, last)
		}
	}
	return not + strings.Join(list, ","), nil
}
