package kubetest

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"testing"
)

// outsideVariable marks the isolated program. It names the network namespace the program came from, so that the
// marker alone, without being in another namespace, counts for nothing.
const outsideVariable = "KUBETEST_OUTSIDE"

// Isolate puts the whole program into a network namespace of its own that has a loopback interface with the given
// additional addresses ("192.168.5.1/32") and nothing else. Call it first thing in main: it starts the program again,
// with the same arguments, working directory, standard files and signals, waits for it and exits with its code; only
// in the new one does it return. Programs that need the internet to be built are built before that. Where the machine
// gives no namespace the error is errors.ErrUnsupported.
func Isolate(addresses ...string) error {
	if os.Getenv(outsideVariable) == "" {
		code, err := isolateAgain()
		if err != nil {
			return fmt.Errorf("entering a network namespace: %w", err)
		}
		os.Exit(code)
	}
	if !Isolated() {
		return errors.New(outsideVariable + " is set, but this is the network namespace it names")
	}
	if err := setUpLoopback(addresses); err != nil {
		return fmt.Errorf("setting up the loopback interface: %w", err)
	}
	return nil
}

// Isolated tells whether the program runs in a network namespace made by Isolate.
func Isolated() bool {
	outside := os.Getenv(outsideVariable)
	inside, err := networkNamespace()
	return err == nil && outside != "" && inside != outside
}

// Main is for TestMain: it isolates the test program, runs the tests and exits.
func Main(m *testing.M, addresses ...string) {
	if err := Isolate(addresses...); err != nil {
		fmt.Fprintln(os.Stderr, "kubetest:", err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// isolateAgain runs this program again in namespaces of its own and gives its exit code.
func isolateAgain() (code int, err error) {
	files, err := toolFiles()
	if err != nil {
		return 0, err
	}
	passed, err := json.Marshal(files)
	if err != nil {
		return 0, err
	}
	outside, err := networkNamespace()
	if err != nil {
		return 0, err
	}
	return runIsolated(append(os.Environ(), outsideVariable+"="+outside, toolsVariable+"="+string(passed)))
}
