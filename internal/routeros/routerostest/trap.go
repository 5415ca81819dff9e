package routerostest

import "fmt"

// Trap is a `!trap` sentence: RouterOS refusing a command.
type Trap struct {
	Category int // routeros-api.md §3; -1 where real routers were seen to send none
	Message  string
}

func (t *Trap) Error() string { return t.Message }

// The categories of the manual.
const (
	noCategory    = -1
	missingItem   = 0 // item or command does not exist
	badArgument   = 1
	interrupted   = 2
	generalFailed = 4
)

// The texts of routeros-api.md §6.

func noSuchPrefix() *Trap       { return &Trap{missingItem, "no such command prefix"} }
func noSuchCommand() *Trap      { return &Trap{missingItem, "no such command"} }
func badItemNumber() *Trap      { return &Trap{missingItem, "invalid internal item number"} }
func notPermitted() *Trap       { return &Trap{noCategory, "not enough permissions (9)"} }
func failure(text string) *Trap { return &Trap{generalFailed, "failure: " + text} }

func unknownParameter(name string) *Trap {
	return &Trap{noCategory, "unknown parameter " + name}
}

func noSuchItem(q quirks) *Trap {
	if q.otherTexts {
		return &Trap{missingItem, "no such item (4)"}
	}
	return &Trap{missingItem, "no such item"}
}

func duplicate(q quirks) *Trap {
	if q.otherTexts {
		return failure("item with such name already exists")
	}
	return failure("already have such entry")
}

func invalidValue(arg string) *Trap {
	return &Trap{badArgument, "invalid value for argument " + arg}
}

func noMatch(arg string) *Trap {
	return &Trap{badArgument, "input does not match any value of " + arg}
}

func ambiguous(arg string) *Trap {
	return &Trap{badArgument, fmt.Sprintf("ambiguous value of %s, more than one possible value matches input", arg)}
}

func outOfRange(arg, low, high string) *Trap {
	return &Trap{badArgument, fmt.Sprintf("value of %s out of range (%s..%s)", arg, low, high)}
}
