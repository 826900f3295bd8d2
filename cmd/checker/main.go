//go:build linux

// Checker grades attempts at the exercises on real processes. `checker help` lists what it can do.
package main

import (
	"os"

	"forklings/checker/cli"
	"forklings/checker/load"
)

func main() {
	load.Main()
	os.Exit(cli.Main(os.Args[1:]))
}
