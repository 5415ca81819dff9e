package main

import (
	"os"
	"path/filepath"
	"testing"
)

// TestTakeOver: what make bench has written stays, and is not said to be stale; everything else is to be as generated.
func TestTakeOver(t *testing.T) {
	kept, made := t.TempDir(), t.TempDir()
	put := func(dir, page, text string) {
		if err := os.WriteFile(filepath.Join(dir, page), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	put(kept, "index.md", "a page")
	put(made, "index.md", "a page")
	for _, page := range []string{"", "performance.md", "performance.svg"} {
		if page != "" {
			put(kept, page, "measured")
		}
		if err := takeOver(kept, made); err != nil {
			t.Fatal(err)
		}
		if err := differs(kept, made); err != nil {
			t.Errorf("with %q: %v", page, err)
		}
	}
	put(kept, "other.md", "nobody generates this")
	if err := takeOver(kept, made); err != nil {
		t.Fatal(err)
	}
	if differs(kept, made) == nil {
		t.Error("a page that nobody generates is not missed")
	}
}
