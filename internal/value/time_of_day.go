package value

import (
	"slices"
	"strings"
	"time"
)

// TimeOfDay is when a rule matches: from and to, each a Duration since midnight, and the days: `8h-17h,mon,tue,wed` or
// `08:00-17:00,mon,tue,wed`. The days may come in any order; a leading `!` means at all other times.
type TimeOfDay = Value[timeOfDay]

// TimeOfDayType is TimeOfDay's attribute type.
type TimeOfDayType = Type[timeOfDay]

type timeOfDay struct{}

var timeOfDayForm = formOf("from, to and the days, as in 8h-17h30m,mon,tue,wed,thu,fri, neither time beyond 1d",
	part{term: timeUpTo(24 * time.Hour)}, part{before: "-", term: timeUpTo(24 * time.Hour)}, part{before: ",", term: days})

// days are days of the week, spelled in the order of the week.
var days = term{`[a-z,]+`, func(text string) (string, bool) {
	week := []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"}
	list := strings.Split(text, ",")
	for _, day := range list {
		if !slices.Contains(week, day) {
			return "", false
		}
	}
	return strings.Join(slices.DeleteFunc(week, func(day string) bool { return !slices.Contains(list, day) }), ","), true
}}

func (timeOfDay) Name() string { return "time of day" }

func (k timeOfDay) Canonical(text string) (string, error) { return timeOfDayForm.canonicalNot(k, text) }
