package routerostest

import (
	"fmt"
	"maps"
)

// Upgrade makes the running router one of the given version, the same or a newer one, as a reboot after an upgrade
// does: connections are cut, the address stays, and the configuration is converted (routeros-v6-to-v7.md §1, §2, §4).
// The options apply from then on; [InlineInstances], [FirstInstanceDefault] and [KeepIDs] say how it is converted.
//
//   - RouterOS 6 to 7: a peer becomes a connection, and its instance the template that the connection names, or part of
//     the connection itself. The untouched instance `default` becomes the template `default`.
//   - To 7.20: the connections get an instance, one for each pair of AS number and router ID among them, named
//     bgp-instance-1, bgp-instance-2 …; what belongs to it leaves connections and templates, which stay.
//   - Everywhere: properties follow to their newer name, and those that the newer release does not have are dropped.
//
// Rows of the router's own making are gone, as after any reboot. The error tells of a version that is none, is not
// modelled, or is older than the router's.
func (r *Router) Upgrade(version string, options ...Option) error {
	v, err := parseVersion(version)
	if err != nil {
		return err
	}
	r.Configure(options...)
	r.mu.Lock()
	defer r.mu.Unlock()
	w := r.world
	if v.less(w.version) {
		return fmt.Errorf("routerostest: a router of %s cannot be upgraded to %s", w.version, v)
	}
	if w.version[0] == 6 && v[0] > 6 {
		w = r.convert(w, firstSeven)
	}
	w = r.convert(w, v)
	if !w.quirks.keepIDs {
		for _, t := range w.tables {
			t.renumber()
		}
	}
	r.boot(w)
	for s := range r.sessions {
		_ = s.conn.Close()
		s.account = nil // what it has sent already comes too late
	}
	return nil
}

// firstSeven is the release by way of which RouterOS 6 becomes any newer one: it has the oldest names of everything.
var firstSeven = version{7, 1}

// convert makes the configuration of one release that of another. The caller holds the lock.
func (r *Router) convert(old *world, v version) *world {
	w := newWorld(v, r.config)
	for path, t := range w.tables {
		if from := old.tables[path]; from != nil && from.live == nil {
			t.inherit(old, from)
		}
	}
	if old.tables[peerMenu] != nil && w.tables[connectionMenu] != nil {
		w.connect(old)
	}
	if old.tables[connectionMenu] != nil && old.tables[instanceMenu] == nil && w.tables[instanceMenu] != nil {
		w.instantiate(old)
	}
	return w
}

// inherit takes over the rows that an older release has in the same menu. What the newer one comes with, and the older
// one did not, is added; what somebody removed stays away.
func (t *table) inherit(old *world, from *table) {
	known := map[string]bool{}
	if from.seed != nil {
		for _, r := range from.seed(old) {
			known[r.values[t.key]] = true
		}
	}
	var rows []*row
	for _, r := range from.rows {
		known[r.values[t.key]] = true
		if !r.dynamic {
			c := r.clone()
			c.values = t.fit(r.values)
			rows = append(rows, c)
		}
	}
	for _, r := range t.rows {
		if r.builtin && !known[r.values[t.key]] {
			rows = append(rows, r)
		}
	}
	t.rows, t.next = rows, max(t.next, from.next)
}

// renamed are the properties that a newer release calls otherwise.
var renamed = map[string]string{
	"as-override": "output.as-override", "remove-private-as": "output.remove-private-as", "address-families": "afi",
}

// fit reduces properties of an older release to those that the table has, under its names.
func (t *table) fit(values map[string]string) map[string]string {
	kept := map[string]string{}
	for name, value := range values {
		if t.args[name] == nil {
			name = renamed[name]
		}
		if t.args[name] != nil {
			kept[name] = value
		}
	}
	return kept
}

// renumber gives the rows ids in their order. What comes with the router keeps its own.
func (t *table) renumber() {
	taken := map[int]bool{}
	for _, r := range t.rows {
		taken[r.id] = r.builtin
	}
	t.next = t.firstID
	for _, r := range t.rows {
		if r.builtin {
			continue
		}
		for taken[t.next] {
			t.next++
		}
		r.id = t.next
		t.next++
	}
}

// instantiate gives connections the instances that they were only in name before 7.20.
func (w *world) instantiate(old *world) {
	instances, connections := w.tables[instanceMenu], w.tables[connectionMenu]
	made := map[[2]string]string{}
	for i, c := range old.tables[connectionMenu].static() {
		pair := [2]string{inherited(old, c, "as"), inherited(old, c, "router-id")}
		if made[pair] == "" {
			values := map[string]string{
				"as": pair[0], "router-id": pair[1], "cluster-id": inherited(old, c, "cluster-id"),
				"ignore-as-path-len": inherited(old, c, "input.ignore-as-path-len"),
			}
			maps.DeleteFunc(values, func(_, value string) bool { return value == "" })
			values["name"] = instances.freeName()
			if w.quirks.firstIsDefault && len(made) == 0 && len(instances.named("default")) == 0 {
				values["name"] = "default"
			}
			instances.rows = append(instances.rows, &row{id: instances.take(w.quirks.reuseIDs), values: values})
			made[pair] = values["name"]
		}
		connections.rows[i].values["instance"] = made[pair]
	}
}

// static are the rows that a reboot leaves.
func (t *table) static() []*row {
	var rows []*row
	for _, r := range t.rows {
		if !r.dynamic {
			rows = append(rows, r)
		}
	}
	return rows
}
