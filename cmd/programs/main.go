// Programs is every exercise's program in one binary. The name of the file that runs chooses the program, so each is run
// through a hard link called like its exercise; a symbolic link will not do.
package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// misused is the exit status when there is no program to run, in line with what env(1) uses for its own failures.
const misused = 125

func main() {
	// Not argv[0]: that is whatever the starter chose to write there.
	exe, err := os.Readlink("/proc/self/exe")
	if err != nil {
		fail("programs: %v", err)
	}
	// The kernel marks a file that has been removed meanwhile.
	name := filepath.Base(strings.TrimSuffix(exe, " (deleted)"))
	program, ok := programs[name]
	if !ok {
		fail("%s: no such program; link this file under one of these names, and run that: %s",
			name, strings.Join(slices.Sorted(maps.Keys(programs)), " "))
	}
	program()
}

func fail(format string, args ...any) {
	fmt.Fprintf(os.Stderr, format+"\n", args...)
	os.Exit(misused)
}
