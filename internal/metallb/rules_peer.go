package metallb

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"
	"time"
)

const mostASN = 1<<32 - 1

// checkPeerAddress accepts an IPv4 or IPv6 address, without zone, port or prefix length.
func checkPeerAddress(address string) error {
	ip, err := netip.ParseAddr(address)
	if err != nil || ip.Zone() != "" {
		return fmt.Errorf(`%q is not an address such as "192.168.5.1" or "2001:db8::1": no name, no prefix length, no port, no zone`, address)
	}
	return nil
}

// checkRouterID accepts a BGP identifier in the form of an IPv4 address, not 0.0.0.0.
func checkRouterID(id string) error {
	ip, err := netip.ParseAddr(id)
	if err != nil || !ip.Is4() || ip.IsUnspecified() {
		return fmt.Errorf(`%q is not a router ID: the form of an IPv4 address, such as "192.168.5.10"`, id)
	}
	return nil
}

// checkHoldTime accepts 0 or 3 to 65535 whole seconds in Go's form, which needs a unit.
func checkHoldTime(text string) error {
	return checkTimer(text, true, 3, `"0s", or "3s" to "65535s" in whole seconds, such as "90s" or "1m30s"`)
}

func checkKeepaliveTime(text string) error {
	return checkTimer(text, true, 1, `"0s" to "65535s" in whole seconds, such as "30s"`)
}

func checkConnectTime(text string) error {
	return checkTimer(text, false, 1, `"1s" to "65535s" in whole seconds, such as "10s"`)
}

func checkTimer(text string, zero bool, least int64, form string) error {
	d, err := time.ParseDuration(text)
	seconds := int64(d / time.Second)
	if err != nil || strings.HasPrefix(text, "+") || d%time.Second != 0 || seconds > 65535 || seconds < least && (seconds != 0 || !zero) {
		return fmt.Errorf("%q is not a time that BGP can carry: %s", text, form)
	}
	return nil
}

func checkPeer(spec part) {
	if spec.at("myASN").absent() {
		spec.at("myASN").wrong("the AS number of MetalLB's side is missing: 1 to %d", mostASN)
	}
	for _, field := range []string{"myASN", "peerASN", "localASN"} {
		spec.at(field).within(1, mostASN, "an AS number")
	}
	judge(spec.at("dynamicASN"), oneOf("internal", "external"))
	exactlyOne(spec.at("peerASN"), spec.at("dynamicASN"))
	judge(spec.at("peerAddress"), checkPeerAddress)
	spec.at("interface").filled()
	exactlyOne(spec.at("peerAddress"), spec.at("interface"))
	judge(spec.at("sourceAddress"), checkPeerAddress)
	judge(spec.at("routerID"), checkRouterID)
	spec.at("peerPort").within(1, 16384, "a port that MetalLB connects to")
	judge(spec.at("bfdProfile"), CheckObjectName)
	checkTimers(spec)
	checkSameFamily(spec)
	checkMultiHop(spec)
	checkPasswords(spec)
	checkSelectors(spec.at("nodeSelectors"))
	if spec.at("disableMP").value == true {
		spec.at("disableMP").doubtful("MetalLB from 0.15.0 ignores it, and its webhook then checks nothing of a new peer: leave it out")
	}
}

// exactlyOne refuses two fields that stand for each other, and none of them.
func exactlyOne(usual, other part) {
	switch {
	case usual.absent() && other.absent():
		usual.wrong("it is missing: give either %s or %s", usual.path, other.path)
	case usual.given() && other.given():
		other.wrong("%s is there as well: give either of them", usual.path)
	}
}

// checkSameFamily doubts a source address that cannot reach the peer.
func checkSameFamily(spec part) {
	peer, _ := spec.at("peerAddress").value.(string)
	source, _ := spec.at("sourceAddress").value.(string)
	to, err := netip.ParseAddr(peer)
	from, err2 := netip.ParseAddr(source)
	if err == nil && err2 == nil && to.Unmap().Is4() != from.Unmap().Is4() {
		spec.at("sourceAddress").doubtful("%s does not reach the peer %s: an address of the same family", source, peer)
	}
}

func checkMultiHop(spec part) {
	multihop := spec.at("ebgpMultiHop")
	mine, theirs := spec.at("myASN"), spec.at("peerASN")
	switch {
	case multihop.value != true:
	case mine.known() && mine.value == theirs.value:
		multihop.wrong("multihop is for a peer of another AS: leave it out, or false, where both AS numbers are %v", mine.value)
	case spec.at("dynamicASN").value == "internal":
		multihop.doubtful(`multihop is for a peer of another AS: leave it out, or false, with dynamicASN "internal"`)
	}
}

func checkPasswords(spec part) {
	password, secret, managed := spec.at("password"), spec.at("passwordSecret"), spec.at("managedPassword")
	if password.value == "" {
		password.doubtful("it is empty, and MetalLB then uses none: leave it out, or give it a value")
	}
	managed.filled()
	if secret.given() {
		name := secret.at("name")
		if name.absent() {
			name.wrong("the name of the Secret is missing: one of type kubernetes.io/basic-auth in MetalLB's namespace")
		}
		judge(name, CheckObjectName)
		if namespace := secret.at("namespace"); namespace.given() {
			namespace.doubtful("MetalLB does not look at it: the Secret is in MetalLB's namespace")
		}
	}
	places := slices.DeleteFunc([]part{password, secret, managed}, func(p part) bool { return !p.given() })
	for i := 1; i < len(places); i++ {
		places[i].wrong("%s is there as well: the password is in one place only", places[0].path)
	}
}

// checkTimers also holds the timers against each other. Without a hold time MetalLB takes three keepalive times.
func checkTimers(spec part) {
	hold, keepalive := spec.at("holdTime"), spec.at("keepaliveTime")
	judge(hold, checkHoldTime)
	judge(keepalive, checkKeepaliveTime)
	judge(spec.at("connectTime"), checkConnectTime)
	holdText, holdKnown := hold.value.(string)
	keepaliveText, keepaliveKnown := keepalive.value.(string)
	if !keepaliveKnown || checkKeepaliveTime(keepaliveText) != nil || holdKnown && checkHoldTime(holdText) != nil {
		return
	}
	every, _ := time.ParseDuration(keepaliveText)
	after, _ := time.ParseDuration(holdText)
	switch {
	case hold.absent() && every == 0:
		keepalive.wrong("a hold time is needed with it: at least 1s, or a hold time of 0s as well")
	case hold.absent() && every > 65535*time.Second/3:
		keepalive.wrong("the hold time, three times %s, is more than the 65535s that BGP can carry: at most 21845s, or a hold time", keepaliveText)
	case hold.absent() && every > 90*time.Second:
		keepalive.doubtful("MetalLB 0.13 takes a hold time of 90s where none is given, and refuses %s: give a hold time as well", keepaliveText)
	case !holdKnown:
	case every > after:
		keepalive.wrong("a keepalive time of %s is longer than the hold time of %s: at most that, usually a third", keepaliveText, holdText)
	case every == 0 && after > 0:
		keepalive.wrong("without keepalives a hold time of %s runs out: at least 1s, or a hold time of 0s as well", holdText)
	}
}
