package value

import (
	"fmt"
	"net/netip"
)

// RouterID is an IPv4 address that stands for a router.
type RouterID = Value[routerID]

// RouterIDType is RouterID's attribute type.
type RouterIDType = Type[routerID]

type routerID struct{}

// RouterIDOrName is a RouterID, or the name of the entry of /routing/id that has it, such as `main`.
type RouterIDOrName = Value[routerIDOrName]

// RouterIDOrNameType is RouterIDOrName's attribute type.
type RouterIDOrNameType = Type[routerIDOrName]

type routerIDOrName struct{}

func (routerID) Name() string       { return "router ID" }
func (routerIDOrName) Name() string { return "router ID" }

func (routerID) Canonical(text string) (string, error) {
	a, err := netip.ParseAddr(text)
	if err != nil || !a.Is4() || a.IsUnspecified() {
		return "", fmt.Errorf("%q is no router ID: give an IPv4 address like 192.168.5.1", text)
	}
	return a.String(), nil
}

func (routerIDOrName) Canonical(text string) (string, error) {
	if name.MatchString(text) {
		return text, nil
	}
	canonical, err := routerID{}.Canonical(text)
	if err != nil {
		err = fmt.Errorf("%w, or the name of an entry of /routing/id", err)
	}
	return canonical, err
}
