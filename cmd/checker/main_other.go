//go:build !linux

package main

import (
	"fmt"
	"os"
	"runtime"

	"forklings/checker/lang"
)

func main() {
	l := lang.FromEnvironment(os.Getenv)
	where := l.Text("open the folder in its dev container (VS Code: Reopen in Container), in a GitHub Codespace, or in a virtual machine with Linux.")
	switch runtime.GOOS {
	case "darwin":
		where = l.Text("open the folder in its dev container (Docker, and VS Code: Reopen in Container), in a GitHub Codespace, or in a virtual machine with Linux, such as Lima's.")
	case "windows":
		where = l.Text("install WSL2 (in a PowerShell: wsl --install) and clone inside of it, or open the folder in its dev container (Docker, and VS Code: Reopen in Container) or in a GitHub Codespace.")
	}
	fmt.Fprintln(os.Stderr, "checker:", l.Sprintf("this course is about Linux processes, and this is %s: %s", system(), where))
	os.Exit(3)
}

func system() string {
	if name, ok := map[string]string{"darwin": "macOS", "windows": "Windows"}[runtime.GOOS]; ok {
		return name
	}
	return runtime.GOOS
}
