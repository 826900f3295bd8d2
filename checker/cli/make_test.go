//go:build linux

package cli_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"forklings/checker/kit"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// What `make` says before there is a checker that could say it.
func TestMakeSaysWhatIsMissing(t *testing.T) {
	root, err := kit.Locate(".")
	require.NoError(t, err)
	maker, err := exec.LookPath("make")
	if err != nil {
		t.Skip("no make: what its rules say is not shown here")
	}
	noexec := t.TempDir()
	mounted := unix.Mount("none", noexec, "tmpfs", unix.MS_NOEXEC, "") == nil
	if mounted {
		t.Cleanup(func() { unix.Unmount(noexec, unix.MNT_DETACH) })
	}
	const refused = "#!/bin/sh\necho \"$0 $*\" >&2\n"
	const spoken = refused + "[ $1 != run ] && exit 0; echo 'checker: no' >&2; exit 1\n"
	for _, c := range []struct{ name, gotool, lang, want string }{
		{"no go", "", "C", "make: no go on PATH: install Go 1.25 or newer from https://go.dev/dl/"},
		{"no go, in Chinese", "", "zh_CN.UTF-8", "make: PATH 上没有 go：请从 https://go.dev/dl/ 安装"},
		{"an old one", refused + "exit 1\n", "C", "make: this kit needs Go 1.25 or newer"},
		{"an old one that cannot fetch a newer one", refused + "echo 'go: download go1.25.0: dial tcp: lookup proxy.golang.org: i/o timeout' >&2; exit 1\n", "C", "make: this kit needs Go 1.25 or newer, and this Go could not fetch one: install it from https://go.dev/dl/, or be online once"},
		{"no home", refused + "[ $1 = list ] && exit 0; echo 'go: module cache not found: neither GOMODCACHE nor GOPATH is set' >&2; exit 1\n", "zh_CN.UTF-8", "make: 没有设置 HOME"},
		{"no proxy", refused + "[ $1 = list ] && exit 0; echo 'module lookup disabled by GOPROXY=off' >&2; exit 1\n", "C", "make: go could not fetch the modules"},
		{"a full disk", refused + "[ $1 = list ] && exit 0; echo 'no space left on device' >&2; exit 1\n", "zh_CN.UTF-8", "make: go 无法构建 checker"},
		{"the checker has spoken", spoken, "C", "checker: no\nmake: *** "},
		{"no programs", spoken, "C", "checker: no\nmake: programs in " + noexec + " may not be run (mounted noexec?)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			tmp := t.TempDir()
			if c.name == "no programs" {
				if tmp = noexec; !mounted {
					t.Skip("no right to mount: a temporary folder without the right to run programs is not shown here")
				}
			}
			bin := t.TempDir()
			for _, name := range []string{"sh", "make", "mktemp", "chmod", "rm"} {
				path, err := exec.LookPath(name)
				require.NoError(t, err)
				require.NoError(t, os.Symlink(path, filepath.Join(bin, name)))
			}
			if c.gotool != "" {
				require.NoError(t, os.WriteFile(filepath.Join(bin, "go"), []byte(c.gotool), 0o755))
			}
			cmd := exec.Command(maker, "-C", root, "--no-print-directory")
			cmd.Env = []string{"PATH=" + bin, "LC_ALL=" + c.lang, "TMPDIR=" + tmp}
			out, err := cmd.CombinedOutput()
			require.Error(t, err)
			require.Contains(t, string(out), c.want)
		})
	}
}
