package routerostest

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
)

// What a peer's and an instance's properties of RouterOS 6 are called on a connection or template of firstSeven. What
// needs more than another name is in the functions below.
var (
	connectionWords = map[string]string{
		"name": "name", "remote-address": "remote.address", "remote-as": "remote.as", "remote-port": "remote.port",
		"tcp-md5-key": "tcp-md5-key", "nexthop-choice": "nexthop-choice", "multihop": "multihop", "hold-time": "hold-time",
		"keepalive-time": "keepalive-time", "ttl": "local.ttl", "in-filter": "input.filter",
		"out-filter": "output.filter-chain", "allow-as-in": "input.allow-as", "address-families": "address-families",
		"default-originate": "output.default-originate", "remove-private-as": "remove-private-as",
		"as-override": "as-override", "use-bfd": "use-bfd", "update-source": "local.address",
		"cisco-vpls-nlri-len-fmt": "cisco-vpls-nlri-len-fmt", "comment": "comment", "disabled": "disabled",
	}
	templateWords = map[string]string{
		"name": "name", "as": "as", "router-id": "router-id", "cluster-id": "cluster-id", "out-filter": "output.filter-chain",
		"ignore-as-path-len": "input.ignore-as-path-len", "routing-table": "routing-table", "comment": "comment",
		"disabled": "disabled",
	}
)

// connect turns the BGP of RouterOS 6 into that of RouterOS 7.
func (w *world) connect(old *world) {
	templates, connections := w.tables[templateMenu], w.tables[connectionMenu]
	templates.next = max(templates.next, old.tables[instanceMenu].next)
	connections.next = max(connections.next, old.tables[peerMenu].next)
	instances := map[string]map[string]string{}
	for _, i := range old.tables[instanceMenu].static() {
		values := w.templateOf(i)
		instances[i.values["name"]] = values
		if w.quirks.inlineInstances {
			continue
		}
		if same := templates.named(values["name"]); len(same) > 0 { // the one that comes with RouterOS 7
			same[0].values = values
			continue
		}
		template := &row{id: i.id, values: values}
		if templates.index(template) >= 0 { // the instance that came with RouterOS 6 was renamed
			template.id = templates.take(false)
		}
		templates.rows = append(templates.rows, template)
	}
	for _, p := range old.tables[peerMenu].static() {
		name := valueOr(p, "instance", "default")
		shared := instances[name]
		values := connectionOf(p, shared["as"])
		switch {
		case shared == nil: // its instance was removed
		case !w.quirks.inlineInstances:
			values["templates"] = name
		default:
			for word, value := range shared {
				if _, own := values[word]; !own && word != "comment" {
					values[word] = value
				}
			}
			if shared["disabled"] == "true" {
				values["disabled"] = "true"
			}
		}
		connections.rows = append(connections.rows, &row{id: p.id, values: values})
	}
}

// templateOf is what an instance of RouterOS 6 gives its connections.
func (w *world) templateOf(i *row) map[string]string {
	values := translate(i.values, templateWords)
	// The networks of /routing/bgp/network become this list, whether there are any or not.
	values["output.network"] = "bgp-networks"
	if outer := i.values["confederation"]; outer != "" {
		values["as"] = outer + "/" + values["as"]
	}
	if values["router-id"] == "0.0.0.0" {
		delete(values, "router-id")
	}
	if i.values["client-to-client-reflection"] == "false" {
		values["output.no-client-to-client-reflection"] = "true"
	}
	var sources []string
	for word, source := range map[string]string{"connected": "connected", "static": "static", "rip": "rip", "ospf": "ospf", "other-bgp": "bgp"} {
		if i.values["redistribute-"+word] == "true" {
			sources = append(sources, source)
		}
	}
	if all, err := w.tables[templateMenu].args["output.redistribute"].kind.normal(w, "", strings.Join(sources, ",")); err == nil && all != "" {
		values["output.redistribute"] = all
	}
	if name := values["routing-table"]; name != "" && len(w.tables["/routing/table"].named(name)) == 0 {
		t := w.tables["/routing/table"]
		t.rows = append(t.rows, &row{id: t.take(false), values: map[string]string{"name": name, "fib": ""}})
	}
	return values
}

// connectionOf is a peer of RouterOS 6, in an instance of that AS, as a connection.
func connectionOf(p *row, as string) map[string]string {
	values := translate(p.values, connectionWords)
	switch _, own, confederation := strings.Cut(as, "/"); {
	case p.values["route-reflect"] == "true":
		values["local.role"] = "ibgp-rr"
	case p.values["remote-as"] == as || confederation && p.values["remote-as"] == own:
		values["local.role"] = "ibgp"
	default:
		values["local.role"] = "ebgp"
	}
	if values["local.ttl"] == "default" {
		delete(values, "local.ttl")
	}
	if _, err := netip.ParseAddr(values["local.address"]); err != nil { // an interface: RouterOS 7 guesses the address
		delete(values, "local.address")
	}
	if p.values["passive"] == "true" {
		values["connect"], values["listen"] = "false", "true"
	}
	if limit, err := strconv.Atoi(p.values["max-prefix-limit"]); err == nil {
		values["input.limit-process-routes-ipv4"] = prefixLimitOf(limit)
	}
	return values
}

// prefixLimitOf is the smallest limit of RouterOS 7 that lets as many routes in, else its largest.
func prefixLimitOf(n int) string {
	limits := []int{10, 100, 1000, 10000, 100000, 1000000, 10000000}
	i, _ := slices.BinarySearch(limits, n)
	return strconv.Itoa(limits[min(i, len(limits)-1)])
}

// translate renames properties and drops what has no value or no name. `disabled` is always said, as in exports of
// routers that were upgraded.
func translate(values, words map[string]string) map[string]string {
	out := map[string]string{"disabled": "false"}
	for name, value := range values {
		if word := words[name]; word != "" && value != "" {
			out[word] = value
		}
	}
	return out
}
