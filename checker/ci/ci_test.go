package ci

import (
	"archive/zip"
	"bytes"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"forklings/checker/grade/minikit"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

var values = Values{Kit: "https://example.org/a/forklings", Ref: "0123abc", Course: "course.yml", Go: "1.25.4"}

func TestEveryFileIsFilledIn(t *testing.T) {
	for _, p := range Platforms {
		if p.Name == Bundle {
			continue
		}
		data, err := p.File(values)
		require.NoError(t, err)
		require.NotRegexp(t, `@[A-Z]+@`, string(data), p.Name)
		require.Contains(t, string(data), "`checker ci "+p.Name, "it says where it is from")
		if strings.HasSuffix(p.file, ".yml") {
			var any map[string]any
			require.NoError(t, yaml.Unmarshal(data, &any), p.Name)
		}
	}
}

func TestEveryFileIsSomePlatforms(t *testing.T) {
	entries, err := files.ReadDir("files")
	require.NoError(t, err)
	used := "setup.sh run_autograder "
	for _, p := range Platforms {
		used += p.file + " "
	}
	for _, e := range entries {
		require.Contains(t, used, e.Name()+" ")
	}
}

// The linters are tools of their own; where one is missing, what it would find is not proven.
func TestLinters(t *testing.T) {
	dir := t.TempDir()
	run := func(name string, args ...string) {
		tool, err := exec.LookPath(name)
		if err != nil {
			t.Logf("no %s: what it finds is not proven here", name)
			return
		}
		cmd := exec.Command(tool, args...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s: %s", name, out)
	}
	require.NoError(t, os.MkdirAll(filepath.Join(dir, ".github", "workflows"), 0o777))
	for _, p := range Platforms {
		if !strings.HasPrefix(p.Put, ".github/") {
			continue
		}
		data, err := p.File(values)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, p.Put), data, 0o666))
		run("actionlint", p.Put)
	}
	for _, name := range []string{"setup.sh", "run_autograder"} {
		data, err := fill(name, values)
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), data, 0o777))
		run("shellcheck", name)
	}
}

func TestTheBundleHoldsThePristineKitAndNoAnswers(t *testing.T) {
	k := minikit.New(t)
	mine := filepath.Join(k.Exercises[0].Dir, k.Exercises[0].File)
	require.NoError(t, os.WriteFile(mine, []byte("package greet // my own answer\n"), 0o666))
	require.NoError(t, os.WriteFile(filepath.Join(k.Exercises[0].Dir, "more.go"), []byte("package greet // my own answer\n"), 0o666))
	var b, again bytes.Buffer
	require.NoError(t, Write(&b, k, []byte("title: x\n"), values))
	require.NoError(t, Write(&again, k, []byte("title: x\n"), values))
	require.Equal(t, b.Bytes(), again.Bytes(), "the same kit gives the same bytes")

	z, err := zip.NewReader(bytes.NewReader(b.Bytes()), int64(b.Len()))
	require.NoError(t, err)
	have := map[string]*zip.File{}
	for _, f := range z.File {
		require.NotContains(t, have, f.Name, "twice")
		require.NotContains(t, f.Name, "solutions")
		have[f.Name] = f
		r, err := f.Open()
		require.NoError(t, err)
		data, err := io.ReadAll(r)
		require.NoError(t, err)
		require.NotContains(t, string(data), "my own answer", f.Name)
	}
	stub, err := k.Exercises[0].Stub()
	require.NoError(t, err)
	require.Equal(t, uint64(len(stub)), have["kit/exercises/01-greet/greet.go"].UncompressedSize64)
	for _, name := range []string{"kit/go.mod", "kit/testdata/attempts/greet/stub.go", "kit/exercises/01-greet/program/program.go",
		"kit/exercises/01-greet/testdata/again.txtar", "kit/exercises/01-greet/README.md", "course.yml"} {
		require.Contains(t, have, name)
	}
	require.NotContains(t, have, "kit/exercises/01-greet/more.go")
	for _, name := range []string{"setup.sh", "run_autograder"} {
		require.Equal(t, os.FileMode(0o755), have[name].Mode(), name)
	}
}

func TestAddress(t *testing.T) {
	for remote, want := range map[string]string{
		"https://github.com/a/b.git":      "https://github.com/a/b",
		"git@github.com:a/b.git\n":        "https://github.com/a/b",
		"ssh://git@gitlab.com/a/b":        "https://gitlab.com/a/b",
		"/srv/git/b":                      "",
		"":                                "",
		"https://x/`touch y`":             "",
		"https://x/a b":                   "",
		"https://x/\"; rm -rf ~; echo \"": "",
	} {
		require.Equal(t, want, Address(remote), remote)
	}
}

func TestWhatWouldMeanSomethingElseIsRefused(t *testing.T) {
	require.NoError(t, values.Check())
	for _, v := range []Values{
		{Kit: "https://a/b\nx", Ref: "c"}, {Kit: "http://a/b", Ref: "c"}, {Kit: "https://a/b", Ref: "--upload-pack=x"}, {Kit: "https://a/b", Ref: ""},
		{Kit: "https://a/b", Ref: "c", Course: "$(x)"}, {Kit: "https://a/b", Ref: "c", Course: "-x"}, {Kit: "https://a/b", Ref: "c", Course: `a"b`},
	} {
		require.Error(t, v.Check(), v)
	}
}
