//go:build !linux

package main

import (
	"fmt"
	"os"
	"runtime"
	"strings"

	"forklings/checker/lang"
)

func main() {
	l := lang.FromEnvironment(os.Getenv)
	for i, arg := range os.Args { // on Windows, the environment seldom names a language
		name, value, joined := strings.Cut(strings.TrimLeft(arg, "-"), "=")
		if !joined && i+1 < len(os.Args) {
			value = os.Args[i+1]
		}
		if asked, ok := lang.Parse(value); ok && name == "lang" && strings.HasPrefix(arg, "-") {
			l = asked
		}
	}
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
