package routerostest

import (
	"time"
)

// client is a connection as /user/active shows it.
type client struct {
	id            int
	name, address string
	since         int64
	tls           bool
}

func systemMenus() []*menu {
	return []*menu{
		{path: "/system/resource", verbs: "print get", single: true, live: resource},
		{
			path: "/system/identity", verbs: "print get set", single: true,
			args: []arg{{name: "name", kind: text(), fixed: true}},
			seed: func(w *world) []*row { return []*row{{values: map[string]string{"name": w.identity}}} },
		},
		{
			path: "/user/active", verbs: "print get find", print: "brief", live: activeUsers,
			extra: []verb{
				// The tree has it; what it would add nobody knows.
				{name: "add", in: "7.20-", args: spec("copy-from"), run: func(*call) (reply, error) {
					return reply{}, &Trap{generalFailed, "action failed (6)"}
				}},
				{name: "remove", in: "7.20-", args: spec("numbers"), run: (*call).logout},
				{name: "request-logout", in: "-7.19", args: spec("numbers"), run: (*call).logout},
			},
		},
	}
}

// resource is the record of /system/resource. The form of its dates changed in 7.10.
func resource(w *world) []*row {
	built := time.Date(2023, 11, 17, 8, 50, 29, 0, time.UTC).UnixNano()
	return []*row{{fixed: []pair{
		{"uptime", formatDuration(sinceSeconds(w, w.booted))}, {"version", w.version.String() + " (stable)"},
		{"build-time", date(w, built)}, {"factory-software", "7.1"}, {"free-memory", "201326592"},
		{"total-memory", "268435456"}, {"cpu", "QEMU"}, {"cpu-count", "1"}, {"cpu-frequency", "2000"}, {"cpu-load", "0"},
		{"free-hdd-space", "67108864"}, {"total-hdd-space", "93564928"}, {"architecture-name", "x86_64"},
		{"board-name", w.board}, {"platform", "MikroTik"},
	}}}
}

func sinceSeconds(w *world, t int64) time.Duration {
	return time.Duration(w.now() - t).Truncate(time.Second)
}

// date prints a point in time.
func date(w *world, t int64) string {
	layout := "jan/02/2006 15:04:05"
	u := time.Unix(0, t).UTC()
	if w.version.atLeast(7, 10) {
		return u.Format("2006-01-02 15:04:05")
	}
	months := [...]string{"jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"}
	return months[u.Month()-1] + u.Format(layout[3:])
}

func activeUsers(w *world) []*row {
	var out []*row
	for _, c := range w.clients() {
		via := "api"
		if c.tls {
			via = "api-ssl"
		}
		out = append(out, &row{id: c.id, fixed: []pair{
			{"when", date(w, c.since)}, {"name", c.name}, {"address", c.address}, {"via", via}, {"group", "full"},
			{"radius", "false"},
		}})
	}
	return out
}
