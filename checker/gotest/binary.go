//go:build unix

package gotest

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

// keep is how long a checker that nobody used any more stays in the cache.
const keep = 7 * 24 * time.Hour

// binary gives the checker built from the kit at root: the one in the user's cache, or a new one. Tests of
// several packages run at once; one of them builds, and the others wait for it.
func binary(root string) (string, error) {
	key, err := sources(root)
	if err != nil {
		return "", err
	}
	cache, err := os.UserCacheDir()
	if err != nil {
		return "", lang.Errorf("no cache folder: %w", err)
	}
	cache = filepath.Join(cache, "forklings")
	name := filepath.Join(cache, "checker-"+key)
	if _, err := os.Stat(name); err == nil {
		now := time.Now()
		os.Chtimes(name, now, now)
		return name, nil
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
	if _, err := os.Stat(name); err == nil {
		return name, nil
	}
	sweep(cache)
	made := name + ".new"
	build := exec.Command("go", "build", "-buildvcs=false", "-o", made, "./cmd/checker")
	build.Dir = root
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		return "", lang.Errorf("build the checker: %w\n%s", err, out)
	}
	return name, os.Rename(made, name)
}

// sources is a hash of everything that the checker is built from.
func sources(root string) (string, error) {
	h := sha256.New()
	fmt.Fprintln(h, runtime.Version())
	add := func(path string) error {
		b, err := os.ReadFile(path)
		fmt.Fprintf(h, "%s %d\n%s", path, len(b), b)
		return err
	}
	for _, name := range []string{"go.mod", "go.sum"} {
		if err := add(filepath.Join(root, name)); err != nil {
			return "", err
		}
	}
	for _, dir := range []string{"checker", filepath.Join("cmd", "checker")} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") {
				return err
			}
			return add(path)
		})
		if err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%.8x", h.Sum(nil)), nil
}

func sweep(cache string) {
	old, _ := filepath.Glob(filepath.Join(cache, "checker-*"))
	for _, name := range old {
		if info, err := os.Stat(name); err == nil && time.Since(info.ModTime()) > keep {
			os.Remove(name)
		}
	}
}
