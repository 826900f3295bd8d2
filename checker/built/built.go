//go:build unix

// Package built gives the kit's own commands as executables that are built once and kept in the user's cache, for those that
// need one that is not themselves: a test that has the checker run, and a checker whose supervisors are to start fast.
package built

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"forklings/checker/lang"
)

// keep is how long an executable that nobody used any more stays in the cache.
const keep = 7 * 24 * time.Hour

// Command is the path of the executable of cmd/NAME of the kit at root, which is built from that folder, these others, and
// go.mod. When processes ask at the same time, one of them builds, and the others wait for it. Before it is built, building is called,
// unless it is nil.
func Command(root, name string, building func(), from ...string) (string, error) {
	key, err := sources(root, append(from, filepath.Join("cmd", name)))
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", lang.Errorf("no cache folder: %w", err)
	}
	cache = filepath.Join(cache, "forklings")
	path := filepath.Join(cache, name+"-"+key)
	if _, err := os.Stat(path); err == nil {
		now := time.Now()
		os.Chtimes(path, now, now)
		return path, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return "", err
	}
	lock, err := os.OpenFile(filepath.Join(cache, "lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return "", err
	}
	defer lock.Close()
	if err := syscall.Flock(int(lock.Fd()), syscall.LOCK_EX); err != nil {
		return "", lang.Errorf("lock %s: %w", lock.Name(), err)
	}
	if _, err := os.Stat(path); err == nil {
		return path, nil
	}
	if building != nil {
		building()
	}
	sweep(cache, name)
	made := path + ".new"
	build := exec.Command("go", "build", "-buildvcs=false", "-ldflags=-s -w", "-o", made, "./cmd/"+name)
	build.Dir = root
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off", "GOOS=linux", "GOARCH="+runtime.GOARCH)
	if out, err := build.CombinedOutput(); err != nil {
		return "", lang.Errorf("build the kit's %s: %w\n%s", name, err, out)
	}
	return path, os.Rename(made, path)
}

// sources is a hash of all that is built.
func sources(root string, from []string) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, runtime.Version())
	for _, name := range append(from, "go.mod", "go.sum") {
		err := filepath.WalkDir(filepath.Join(root, name), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") {
				return err
			}
			b, err := os.ReadFile(path)
			fmt.Fprintf(h, "%s %d\n%s", path, len(b), b)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%.8x", h.Sum(nil)), nil
}

func sweep(cache, name string) {
	old, _ := filepath.Glob(filepath.Join(cache, name+"-*"))
	for _, path := range old {
		if info, err := os.Stat(path); err == nil && time.Since(info.ModTime()) > keep {
			os.Remove(path)
		}
	}
}
