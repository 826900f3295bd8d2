package progress

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"

	"forklings/checker/attempt"
	"forklings/checker/kit"
	"forklings/checker/lang"
	"forklings/checker/sandbox"
)

// Options are what else decides a verdict.
type Options struct {
	Sandbox sandbox.Options
	Lang    lang.Lang
}

// Key stands for everything that decides the verdict of an attempt: its files, its exercise's program and scenarios, the checker,
// the commands, the dependencies, Go, how scenarios are walled in, and the language.
func Key(k *kit.Kit, h attempt.Handed, o Options) (string, error) {
	keys, err := NewKeys(k, o)
	if err != nil {
		return "", err
	}
	return keys.Of(h)
}

// Keys makes the keys of one kit as it stands when they are made.
type Keys struct {
	kit       *kit.Kit
	base      []byte            // of what all exercises share
	exercises map[string][]byte // of an exercise's own
}

// NewKeys reads what all exercises of the kit share.
func NewKeys(k *kit.Kit, o Options) (*Keys, error) {
	h := sha256.New()
	sandbox := o.Sandbox
	sandbox.Trace, sandbox.Least, sandbox.Own, sandbox.Work, sandbox.Read = "", "", "", "", nil // of a run, not of a kit
	fmt.Fprintf(h, "%s %+v %s %s\n", schema, sandbox, cmp.Or(o.Lang, lang.English), toolchain())
	for _, name := range []string{"go.mod", "go.sum"} {
		if err := addFile(h, k.Root, name); err != nil {
			return nil, err
		}
	}
	newest := int64(0)
	for _, folder := range []string{"checker", "cmd"} {
		if err := addFolder(h, k.Root, folder, &newest); err != nil {
			return nil, err
		}
	}
	return &Keys{k, h.Sum(ownSum(newest)), map[string][]byte{}}, nil
}

// Of is the key of an attempt. It begins with what stands for the attempt alone.
func (k *Keys) Of(a attempt.Handed) (string, error) {
	if a.Err != nil {
		return "", a.Err
	}
	content := content(a)
	own, err := k.exercise(a.Exercise)
	if err != nil {
		return "", err
	}
	all := sha256.New()
	all.Write(k.base)
	all.Write(content.Sum(nil))
	all.Write(own)
	return digest(content) + separator + digest(all), nil
}

// content stands for the attempt alone.
func content(a attempt.Handed) hash.Hash {
	h := sha256.New()
	fmt.Fprintf(h, "%s\n", a.Exercise.Name)
	for _, f := range a.Files {
		fmt.Fprintf(h, "%s %d\n%s", f.Name, len(f.Data), f.Data)
	}
	return h
}

// exercise is of what else decides an exercise's verdicts.
func (k *Keys) exercise(e kit.Exercise) ([]byte, error) {
	if own := k.exercises[e.Name]; own != nil {
		return own, nil
	}
	h := sha256.New()
	for _, folder := range []string{"program", "testdata"} {
		if err := addFolder(h, k.kit.Root, filepath.Join("exercises", e.Folder, folder), new(int64)); err != nil {
			return nil, err
		}
	}
	k.exercises[e.Name] = h.Sum(nil)
	return k.exercises[e.Name], nil
}

const separator = "-"

func digest(h hash.Hash) string { return hex.EncodeToString(h.Sum(nil)[:8]) }

// contentOf is the part of a key that stands for the attempt.
func contentOf(key string) string {
	content, _, _ := strings.Cut(key, separator)
	return content
}

// addFolder hashes the folder's files, but the checker's own tests; a missing folder counts as such.
func addFolder(h hash.Hash, root, folder string, newest *int64) error {
	err := filepath.WalkDir(filepath.Join(root, folder), func(path string, d fs.DirEntry, err error) error {
		if err != nil || !d.Type().IsRegular() || strings.HasSuffix(path, "_test.go") {
			return err
		}
		info, err := d.Info()
		if err != nil {
			return err
		}
		*newest = max(*newest, info.ModTime().UnixNano())
		name, err := filepath.Rel(root, path)
		if err != nil {
			return err
		}
		return addFile(h, root, name)
	})
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

func addFile(h hash.Hash, root, name string) error {
	data, err := os.ReadFile(filepath.Join(root, name))
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(h, "%s %d\n", filepath.ToSlash(name), len(data))
	h.Write(data)
	return nil
}

// toolchain stands for the Go that attempts are built with. It is not asked, as that takes longer than all the rest. A release says
// what it is, and is the same wherever it lies.
func toolchain() string {
	path, err := exec.LookPath("go")
	if err != nil {
		return "none"
	}
	if real, err := filepath.EvalSymlinks(path); err == nil {
		path = real
	}
	which, err := os.ReadFile(filepath.Join(filepath.Dir(filepath.Dir(path)), "VERSION"))
	if err != nil {
		which = []byte(path)
		if info, err := os.Stat(path); err == nil {
			which = fmt.Appendf(which, " %d", info.ModTime().UnixNano())
		}
	}
	return fmt.Sprintf("%q %s %s", which, os.Getenv("GOTOOLCHAIN"), runtime.GOARCH)
}

// ownSum stands for this program when it is older than the newest of its sources, which then do not stand for it; else nothing does.
func ownSum(newest int64) []byte {
	exe, err := os.Executable()
	if err != nil {
		return nil
	}
	info, err := os.Stat(exe)
	if err != nil || info.ModTime().UnixNano() >= newest {
		return nil
	}
	data, err := os.ReadFile(exe)
	if err != nil {
		return nil
	}
	sum := sha256.Sum256(data)
	return sum[:]
}
