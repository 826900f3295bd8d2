//go:build ignore

// Generate writes programs.go, the list of the kit's exercises.
package main

import (
	"log"
	"os"
	"path/filepath"

	"forklings/checker/build"
	"forklings/checker/kit"
)

func main() {
	log.SetFlags(0)
	root, err := kit.Locate(".")
	if err != nil {
		log.Fatal(err)
	}
	k, err := kit.Open(root)
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(root, "cmd", "programs", "programs.go"), build.List(k.Exercises), 0o666); err != nil {
		log.Fatal(err)
	}
}
