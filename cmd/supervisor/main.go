//go:build linux

// Supervisor is what the checker starts supervisors from: no more of the checker than they need, since there are many. It is
// nothing to be run by hand.
package main

import (
	"fmt"
	"os"

	_ "forklings/checker/supervisor" // becomes what this process was started as
)

func main() {
	fmt.Fprintln(os.Stderr, "supervisor: the checker starts this; `go run ./cmd/checker help` shows what it can do")
	os.Exit(2)
}
