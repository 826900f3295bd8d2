//go:build !linux

package main

import (
	"fmt"
	"os"
)

func main() {
	fmt.Fprintln(os.Stderr, "checker: this course is about Linux processes: open the folder in its dev container "+
		"(VS Code: Reopen in Container; on the web: a GitHub Codespace), or use WSL2 or a virtual machine.")
	os.Exit(3)
}
