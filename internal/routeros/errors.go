package routeros

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// What went wrong, for errors.Is. RouterOS has no error codes worth the name: the text is all there is, it differs
// between releases, and so it is classified on substrings.
var (
	ErrNotFound    = errors.New("no such item")
	ErrUnknownWord = errors.New("unknown parameter")
	ErrNoMenu      = errors.New("no such menu")
	ErrDuplicate   = errors.New("already exists")
	ErrPermission  = errors.New("not enough permissions")
	ErrRefused     = errors.New("refused")
	ErrLogin       = errors.New("login refused")
	ErrCertificate = errors.New("certificate not trusted")
	ErrConnection  = errors.New("connection failed")
	ErrTimeout     = errors.New("no answer in time")
	ErrNotYet      = errors.New("waited for in vain")
	ErrNoVersion   = errors.New("not in this RouterOS version")
	ErrUnsure      = errors.New("may have been carried out")
	ErrMode        = errors.New("the router's mode does not allow it")
)

// Error is what a router, or the way to it, answered to a command. Secrets are not in it.
type Error struct {
	Kind    error  // one of the Err… values
	Router  string // address of the router
	Version string // its RouterOS version, "" while unknown
	Command string // menu and command with its words, e.g. "/ip/firewall/nat/add chain=dstnat"; "" outside commands
	Message string // the router's own words, or the cause
	Word    string // the word of the newest RouterOS that the message is about, "" if none is known
	Advice  string // what to do next
	err     error

	IDs []string // the rows that the message is about, where it is about rows that are named by their ids
}

func (e *Error) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "router %s", e.Router)
	if e.Version != "" {
		fmt.Fprintf(&b, " (RouterOS %s)", e.Version)
	}
	if e.Command != "" {
		fmt.Fprintf(&b, "\n  was asked: %s\n  answered:  %s", e.Command, e.Message)
	} else {
		fmt.Fprintf(&b, ": %s", e.Message)
	}
	if e.Advice != "" {
		fmt.Fprintf(&b, "\n%s", e.Advice)
	}
	return b.String()
}

// Unwrap gives the kind and, where there is one, the cause.
func (e *Error) Unwrap() []error {
	if e.err == nil {
		return []error{e.Kind}
	}
	return []error{e.Kind, e.err}
}

// A text is recognised by any of these parts of it, in this order.
var trapTexts = []struct {
	part string
	kind error
}{
	{"no such item", ErrNotFound},
	{"invalid internal item number", ErrNotFound},
	{"no such command", ErrNoMenu},
	{"unknown parameter", ErrUnknownWord},
	{"invalid user name or password", ErrLogin},
	{"cannot log in", ErrLogin},
	{"not enough permissions", ErrPermission},
	{"device-mode", ErrMode},
	{"device mode", ErrMode},
	{"already have", ErrDuplicate},
	{"already exists", ErrDuplicate},
}

func classify(message string) error {
	message = strings.ToLower(message)
	for _, t := range trapTexts {
		if strings.Contains(message, t.part) {
			return t.kind
		}
	}
	return ErrRefused
}

// advice is what to do about a refusal of its kind; asked is the command, user who sent it.
func advice(kind error, asked, user string) string {
	switch {
	case errors.Is(kind, ErrPermission):
		policy := "write"
		if strings.HasSuffix(asked, "/print") {
			policy = "read"
		}
		return fmt.Sprintf("The user's group lacks the policy %s: give the group of %q the policies api, read and write (/user/group).", policy, user)
	case errors.Is(kind, ErrMode):
		return "See /system/device-mode: to allow it takes /system/device-mode/update there, and a press of the router's button or a power cycle."
	}
	return ""
}

// lost tells that a command may or may not have been carried out: its answer never came.
func lost(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Command != "" && (errors.Is(err, ErrConnection) || errors.Is(err, ErrTimeout))
}

// declined tells that the router answered, and does not tell or do what it was asked.
func declined(err error) bool {
	return slices.ContainsFunc([]error{ErrNoMenu, ErrUnknownWord, ErrPermission, ErrRefused, ErrMode}, func(kind error) bool { return errors.Is(err, kind) })
}

// secrets are the words whose values never leave this package in an error or a log.
var secrets = map[string]bool{"password": true, "response": true, "tcp-md5-key": true}

// describe renders a sentence for people, secrets masked: "/ip/firewall/nat/add chain=dstnat".
func describe(sentence []string) string {
	shown := make([]string, 0, len(sentence))
	for _, word := range sentence {
		if strings.HasPrefix(word, "=.proplist=") {
			continue // long, and never what is wrong
		}
		key, value, isPair := strings.Cut(strings.TrimPrefix(word, "="), "=")
		switch {
		case isPair && secrets[key]:
			value = "(hidden)"
			fallthrough
		case isPair:
			shown = append(shown, key+"="+quoteIfNeeded(value))
		default:
			shown = append(shown, word)
		}
	}
	return strings.Join(shown, " ")
}

func quoteIfNeeded(value string) string {
	if value == "" || strings.ContainsAny(value, " \"\n\t") {
		return fmt.Sprintf("%q", value)
	}
	return value
}
