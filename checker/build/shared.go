package build

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"forklings/checker/attempt"
	"forklings/checker/kit"
	"forklings/checker/lang"

	"golang.org/x/sys/unix"
)

// keep is how long a shared build that nobody used any more stays in the cache.
const keep = 24 * time.Hour

// Shared is Programs for checkers that run at the same time on the same files, as they do below `go test`: the
// first one builds into the cache, and the others wait for it and use what it built. Builds that were not used
// for a day are removed.
func Shared(ctx context.Context, k *kit.Kit, cache string, handed []attempt.Handed) (*Program, error) {
	key, err := key(k, handed)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(cache, "build-"+key)
	if p, ok := load(dir); ok {
		return p, nil
	}
	if err := os.MkdirAll(cache, 0o755); err != nil {
		return nil, refused(cache, err)
	}
	lock, err := os.OpenFile(filepath.Join(cache, "build.lock"), os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, refused(cache, err)
	}
	defer lock.Close()
	if err := unix.Flock(int(lock.Fd()), unix.LOCK_EX); err != nil {
		return nil, lang.Errorf("lock %s: %w", lock.Name(), err)
	}
	if p, ok := load(dir); ok {
		return p, nil
	}
	sweep(cache)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, refused(dir, err)
	}
	p, err := Programs(ctx, k, dir, handed)
	if err != nil {
		return nil, errors.Join(err, os.RemoveAll(dir))
	}
	b, err := json.Marshal(p)
	if err == nil {
		err = os.WriteFile(filepath.Join(dir, done), b, 0o644) // last: without it, the folder is no build
	}
	return p, err
}

const done = "done.json"

func load(dir string) (*Program, bool) {
	b, err := os.ReadFile(filepath.Join(dir, done))
	if err != nil {
		return nil, false
	}
	var p Program
	if json.Unmarshal(b, &p) != nil {
		return nil, false
	}
	now := time.Now()
	os.Chtimes(dir, now, now)
	return &p, true
}

func sweep(cache string) {
	old, _ := filepath.Glob(filepath.Join(cache, "build-*"))
	for _, dir := range old {
		if info, err := os.Stat(dir); err == nil && time.Since(info.ModTime()) > keep {
			os.RemoveAll(dir)
		}
	}
}

// key stands for everything that the build depends on.
func key(k *kit.Kit, handed []attempt.Handed) (string, error) {
	version, err := k.Version()
	if err != nil {
		return "", err
	}
	gotool, err := findGo(k)
	if err != nil {
		return "", err
	}
	info, err := os.Stat(gotool)
	if err != nil {
		return "", err
	}
	h := sha256.New()
	fmt.Fprintln(h, k.Root, version, gotool, info.ModTime().UnixNano(), os.Getenv("GOTOOLCHAIN"))
	for _, x := range handed {
		for _, f := range x.Files {
			fmt.Fprintf(h, "%s %s %d\n%s", x.Exercise.Folder, f.Name, len(f.Data), f.Data)
		}
	}
	return fmt.Sprintf("%.8x", h.Sum(nil)), nil
}
