//go:build linux

// Class is the checker with the database of a class linked in. SQLite is more than half of its build, and a learner's checker
// has no use for it: `checker class` and `checker merge-results` build this when they are first called.
package main

import (
	"os"

	"forklings/checker/cli"
	"forklings/checker/load"

	_ "modernc.org/sqlite" // the driver that checker/class opens
)

func main() {
	load.Main()
	os.Exit(cli.Main(os.Args[1:]))
}
