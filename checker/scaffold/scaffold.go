// Package scaffold makes the folders and files of a new exercise: one that compiles and can be played, and
// whose gaps `checker verify` tells.
package scaffold

import (
	"bytes"
	"embed"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"text/template"

	"forklings/checker/kit"
	"forklings/checker/verify"
)

//go:embed template/*
var templates embed.FS

var isName = regexp.MustCompile(`^[a-z][a-z0-9]*(-[a-z0-9]+)*$`).MatchString

// NameError: the exercise cannot be called so.
type NameError string

func (e NameError) Error() string { return string(e) }

func badName(format string, args ...any) error { return NameError(fmt.Sprintf(format, args...)) }

// New makes the exercise under the next number, and returns the files it wrote, relative to the kit. A name
// that is taken or no name is a NameError, and then nothing is written; what exists is never overwritten.
func New(k *kit.Kit, name string) (written []string, err error) {
	if !isName(name) {
		return nil, badName("%q is no name for an exercise: small letters and digits, words joined by hyphens, such as join-timeout", name)
	}
	number := 1
	for _, e := range k.Exercises {
		if e.Name == name {
			return nil, badName("there is an exercise %s already: exercises/%s", name, e.Folder)
		}
		number = max(number, e.Number+1)
	}
	e := kit.Exercise{Number: number, Name: name, Folder: fmt.Sprintf("%02d-%s", number, name), Package: strings.ReplaceAll(name, "-", "")}
	if err := fits(k, e.Folder); err != nil {
		return nil, err
	}
	e.File = strings.ReplaceAll(name, "-", "_") + ".go"
	testName, testText := verify.TestFile(e)
	dir := filepath.Join("exercises", e.Folder)
	files := []struct{ path, template, text string }{
		{filepath.Join(dir, "README.md"), "README.md", ""},
		{filepath.Join(dir, e.File), "stub.go.txt", ""},
		{filepath.Join(dir, testName), "", testText},
		{filepath.Join(dir, "program", "program.go"), "program.go.txt", ""},
		{filepath.Join(dir, "testdata", "basic.txtar"), "basic.txtar", ""},
		{filepath.Join(dir, "hints.md"), "hints.md", ""},
		{filepath.Join(dir, "README.zh.md"), "README.zh.md", ""},
		{filepath.Join(dir, "hints.zh.md"), "hints.zh.md", ""},
		{filepath.Join(dir, "learnt.md"), "learnt.md", ""},
		{filepath.Join("solutions", name, e.File), "solution.go.txt", ""},
		{filepath.Join("testdata", "attempts", name, "stub.go"), "stub.go.txt", ""},
	}
	for i, f := range files {
		if f.template != "" {
			if files[i].text, err = fill(f.template, e); err != nil {
				return nil, err
			}
		}
		if _, err := os.Lstat(filepath.Join(k.Root, f.path)); err == nil {
			return nil, badName("%s exists already: nothing was written", f.path)
		}
	}
	for _, f := range files {
		path := filepath.Join(k.Root, f.path)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return written, err
		}
		if err := os.WriteFile(path, []byte(f.text), 0o644); err != nil {
			return written, err
		}
		written = append(written, f.path)
	}
	return written, nil
}

// fits tries the folder's name in a kit of nothing but folders and tests: some names are no packages, or clash. An exercise
// may have a package of another name, which its test tells.
func fits(k *kit.Kit, folder string) error {
	root, err := os.MkdirTemp("", "")
	if err != nil {
		return err
	}
	defer os.RemoveAll(root)
	if err := os.MkdirAll(filepath.Join(root, "exercises", folder), 0o700); err != nil {
		return err
	}
	for _, e := range k.Exercises {
		dir := filepath.Join(root, "exercises", e.Folder)
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return err
		}
		name, text := verify.TestFile(e)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	if _, err := kit.Open(root); err != nil {
		return badName("%v", err)
	}
	return nil
}

func fill(name string, e kit.Exercise) (string, error) {
	t, err := template.ParseFS(templates, "template/"+name)
	if err != nil {
		return "", err
	}
	var b bytes.Buffer
	err = t.Execute(&b, map[string]any{"Name": e.Name, "Package": e.Package, "File": e.File, "Folder": e.Folder, "Import": "forklings/exercises/" + e.Folder})
	return b.String(), err
}
