package build

import (
	"os"
	"path/filepath"
	"strings"
)

// plain is the go tool itself, where what is on PATH may be something that starts it, of a version manager or of snap: that needs
// rights of its own. "" where it is not to be found.
func (b *builder) plain() string {
	file, err := filepath.EvalSymlinks(b.gotool)
	if err == nil && isGo(filepath.Dir(filepath.Dir(file))) {
		return b.gotool
	}
	cmd := b.command("env", "GOROOT")
	var said strings.Builder
	cmd.Stdout = &said
	err = runTied(cmd, nil)
	if root := strings.TrimSpace(said.String()); err == nil && isGo(root) {
		return filepath.Join(root, "bin", "go")
	}
	return ""
}

// isGo reports whether Go is installed in this folder.
func isGo(root string) bool {
	for _, name := range []string{"VERSION", "bin/go", "src/runtime"} {
		if _, err := os.Stat(filepath.Join(root, name)); err != nil {
			return false
		}
	}
	return true
}

// cache is where Go keeps what it has built; "" where a program of the user's does that (GOCACHEPROG), or nobody can say: a setting
// that is no path of a folder is what the go tool complains of.
func cache() string {
	if goSetting("GOCACHEPROG") != "" {
		return ""
	}
	if dir := goSetting("GOCACHE"); filepath.IsAbs(dir) {
		return dir
	} else if dir != "" {
		return ""
	}
	dir, err := os.UserCacheDir()
	if err != nil {
		return ""
	}
	return filepath.Join(dir, "go-build")
}

// goSetting is what the environment says, or else the file that go env -w writes. To ask the go tool would take longer.
func goSetting(name string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	file := os.Getenv("GOENV")
	if file == "" {
		dir, err := os.UserConfigDir()
		if err != nil {
			return ""
		}
		file = filepath.Join(dir, "go", "env")
	}
	if file == "off" {
		return ""
	}
	b, _ := os.ReadFile(file)
	for line := range strings.Lines(string(b)) {
		if value, ok := strings.CutPrefix(line, name+"="); ok {
			return strings.TrimSpace(value)
		}
	}
	return ""
}
