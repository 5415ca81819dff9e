package routerostest

import "testing"

// TestBytes: what goes over the wire is counted both ways, to the byte, and from nothing after a reset.
func TestBytes(t *testing.T) {
	r := StartTest(t, "7.20.8")
	c := dialAdmin(t, r)
	size := func(words []string) int64 { // a byte of length each, and the empty word
		n := 1
		for _, word := range words {
			n += 1 + len(word)
		}
		return int64(n)
	}
	for range 2 {
		r.ResetStats()
		ask := []string{"/system/identity/print", "=.proplist=name"}
		c.send(ask...)
		received, sent := size(ask), int64(0)
		for range 2 { // the row, and !done
			sent += size(c.read())
		}
		if s := r.Stats(); s.Received != received || s.Sent != sent {
			t.Errorf("received %d, sent %d; want %d and %d", s.Received, s.Sent, received, sent)
		}
	}
	if _, err := r.Run("/system/identity/print"); err != nil {
		t.Fatal(err)
	}
	r.ResetStats()
	if s := r.Stats(); s.Received != 0 || s.Sent != 0 {
		t.Errorf("received %d, sent %d by nobody", s.Received, s.Sent)
	}
}
