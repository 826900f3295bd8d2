//go:build !unix

package gotest

import (
	"os"
	"testing"

	"forklings/checker/lang"
)

// Grade fails: there are no such processes here.
func Grade(t *testing.T) {
	t.Fatal(lang.FromEnvironment(os.Getenv).Text("this course is about Linux processes: open it in its dev container, in a GitHub Codespace or in WSL2"))
}
