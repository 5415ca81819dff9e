// Command tools builds, from Go modules alone, the programs that the tests, the demo and the linters need, and
// generates the documentation. It is a module of its own so that none of it burdens the provider's dependencies.
//
//	go run -C internal/tools . build NAME…   prints the path of each program, building what is not there yet
//	go run -C internal/tools . crds [0.15…]  prints the path of a file with the CRDs of each MetalLB, else of the latest
//	go run -C internal/tools . crds gitops   prints the path of a file with those that examples/gitops is written for
//	go run -C internal/tools . npm           prints the path of a folder with clients from npm
//	go run -C internal/tools . docs          writes docs/ from schema, templates and examples; -check only compares
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"syscall"
)

func main() {
	// Children die with the thread that started them (Pdeathsig): let that be the one that lives as long as we do.
	runtime.LockOSThread()
	dieWithParent()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "tools:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return errors.New("usage: build NAME… | crds [RELEASE…] | npm | docs [-check]")
	}
	switch command, rest := args[0], args[1:]; command {
	case "build":
		return buildAll(ctx, rest)
	case "crds":
		return showCRDs(ctx, rest)
	case "npm":
		return show(npm(ctx))
	case "docs":
		return docs(ctx, len(rest) == 1 && rest[0] == "-check")
	default:
		return fmt.Errorf("unknown command %q", command)
	}
}

// show prints a path.
func show(path string, err error) error {
	if err == nil {
		fmt.Println(path)
	}
	return err
}
