package routerostest

import (
	"strconv"
	"strings"
	"time"
)

const (
	day  = 24 * time.Hour
	week = 7 * day
)

// units are those of a RouterOS duration, largest first.
func units() []struct {
	name string
	size time.Duration
} {
	return []struct {
		name string
		size time.Duration
	}{{"w", week}, {"d", day}, {"h", time.Hour}, {"m", time.Minute}, {"s", time.Second}, {"ms", time.Millisecond}}
}

// parseDuration reads `1w3d4h5m6s7ms`, a bare number of seconds, and `1d 02:03:04`.
func parseDuration(s string) (time.Duration, bool) {
	var total time.Duration
	for s != "" {
		s = strings.TrimLeft(s, " ")
		digits := 0
		for digits < len(s) && s[digits] >= '0' && s[digits] <= '9' {
			digits++
		}
		n, err := strconv.ParseInt(s[:digits], 10, 32)
		if err != nil {
			return 0, false
		}
		rest := s[digits:]
		if rest == "" {
			return total + time.Duration(n)*time.Second, true
		}
		if rest[0] == ':' {
			clock, ok := parseClock(s)
			return total + clock, ok
		}
		letters := 0
		for letters < len(rest) && rest[letters] >= 'a' && rest[letters] <= 'z' {
			letters++
		}
		size := time.Duration(0)
		for _, u := range units() {
			if u.name == rest[:letters] {
				size = u.size
			}
		}
		if size == 0 {
			return 0, false
		}
		total += time.Duration(n) * size
		if s = rest[letters:]; s == "" {
			return total, true
		}
	}
	return 0, false
}

// parseClock reads `02:03:04` and `02:03`.
func parseClock(s string) (time.Duration, bool) {
	parts := strings.Split(s, ":")
	if len(parts) > 3 {
		return 0, false
	}
	total, size := time.Duration(0), time.Hour
	for _, p := range parts {
		n, err := strconv.ParseUint(p, 10, 16)
		if err != nil {
			return 0, false
		}
		total += time.Duration(n) * size
		size /= 60
	}
	return total, true
}

// formatDuration writes the short form that RouterOS reads back: 600 seconds are `10m`.
func formatDuration(d time.Duration) string {
	if d < time.Millisecond {
		return "0s"
	}
	var b strings.Builder
	for _, u := range units() {
		if n := d / u.size; n > 0 {
			b.WriteString(strconv.FormatInt(int64(n), 10) + u.name)
			d -= n * u.size
		}
	}
	return b.String()
}

// duration is a time from low to high or one of a few words such as `infinity`.
func duration(low, high time.Duration, words ...string) kind {
	return kind{normal: func(_ *world, arg, value string) (string, error) {
		for _, word := range words {
			if value == word {
				return value, nil
			}
		}
		d, ok := parseDuration(value)
		if !ok {
			return "", invalidValue(arg)
		}
		if d < low || d > high {
			return "", outOfRange(arg, formatDuration(low), formatDuration(high))
		}
		return formatDuration(d), nil
	}}
}
