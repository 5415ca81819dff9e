package value

import (
	"fmt"
	"strconv"
)

// Ports are ports and port ranges, comma-separated: `80`, `80,443`, `1000-2000`; a leading `!` in a matcher means all
// but those. They are a set: order, overlaps and `80,81` for `80-81` make no difference to what a rule matches.
type Ports = Value[ports]

// PortsType is Ports' attribute type.
type PortsType = Type[ports]

type ports struct{}

func (ports) Name() string { return "port" }

func (ports) Canonical(text string) (string, error) {
	not, rest := negation(text)
	list, err := rangeList(rest, func(port string) (uint64, error) { return strconv.ParseUint(port, 10, 16) },
		fmt.Errorf("%q is no port: give 0 to 65535, a range like 1000-2000, or several with commas (80,443)", text))
	if err != nil {
		return "", err
	}
	return not + list, nil
}
