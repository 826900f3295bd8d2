//go:build unix

package attempt

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

func TestOnlyGoFilesOfThePackageCount(t *testing.T) {
	h := handed(t, map[string]string{
		"join.go": "package join", "more.go": "package join", "join_test.go": "package other", "_x.go": "?", ".x.go": "?",
		"README.md": "", "x.s": "?", "go.mod": "module mine", "x.c": "?", "sub/x.go": "?", "dir.go/x": "",
		"scratch.go": "//go:build ignore\n\npackage main", "join_windows.go": "package other",
	})
	require.NoError(t, h.Err)
	require.Equal(t, []string{"join.go", "more.go"}, fileNames(h))
}

func TestRefusals(t *testing.T) {
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"no Go file": {map[string]string{"README.md": "x"}, "07-join has no Go file; checker reset join brings the stub back"},
		"excluded": {map[string]string{"join.go": "//go:build windows\n\npackage join"},
			"07-join/join.go: its build constraints leave it out on linux, and then 07-join has no Go file; take them out, or checker reset join brings the stub back"},
		"too big": {map[string]string{"join.go": "package join\n" + strings.Repeat("//\n", 1<<20)},
			"07-join/join.go has 3145741 bytes; a file of an attempt has at most 1048576"},
		"NUL":     {map[string]string{"join.go": "package join\n\n// a\x00b\n"}, "07-join/join.go:3: a NUL byte; save the file as plain text in UTF-8"},
		"latin 1": {map[string]string{"join.go": "package join\n// caf\xe9"}, "07-join/join.go:2: not UTF-8; save the file as plain text in UTF-8"},
		"UTF-16":  {map[string]string{"join.go": "\xff\xfep\x00a\x00"}, "07-join/join.go:1: a NUL byte; save the file as plain text in UTF-8"},
		"empty":   {map[string]string{"join.go": ""}, `07-join/join.go:1: no package clause; the first line of code is "package join"`},
		"no package": {map[string]string{"join.go": "func Start() {}\n"},
			`07-join/join.go:1: no package clause; the first line of code is "package join"`},
		"wrong package": {map[string]string{"join.go": "\n//line zombie.go:77\npackage foo\n"},
			"07-join/join.go:3: package foo, but exercise join is package join"},
		"cgo": {map[string]string{"join.go": "package join\n\nimport \"C\"\n"},
			`07-join/join.go:3: import "C": cgo is off in forklings; write it in Go`},
		"embed": {map[string]string{"join.go": "package join\n\nimport _ \"embed\"\n\n//go:embed hints.md\nvar s string\n"},
			"07-join/join.go:5: //go:embed: only Go files are handed in; write the data into one"},
		"solutions": {map[string]string{"join.go": "package join\n\nimport (\n\t\"os\"\n\t. \"forklings/solutions/join\"\n)\n"},
			`07-join/join.go:5: import "forklings/solutions/join": solutions/join is the kit's own; an attempt may import the standard library, golang.org/x/sys and forklings/checker/syncpoint`},
		"own program": {map[string]string{"join.go": "package join\nimport `forklings/exercises/07-join/program`"},
			`07-join/join.go:2: import "forklings/exercises/07-join/program": exercises/07-join/program is the kit's own; an attempt may import the standard library, golang.org/x/sys and forklings/checker/syncpoint`},
		"the network": {map[string]string{"join.go": "package join\nimport \"golang.org/x/sysnot\""},
			`07-join/join.go:2: import "golang.org/x/sysnot": not part of the course; an attempt may import the standard library, golang.org/x/sys and forklings/checker/syncpoint`},
		"relative": {map[string]string{"join.go": "package join\nimport \"../08-join-timeout\""},
			`07-join/join.go:2: import "../08-join-timeout": not part of the course; an attempt may import the standard library, golang.org/x/sys and forklings/checker/syncpoint`},
		"in two files": {map[string]string{"join.go": "package foo", "more.go": "package bar"},
			"07-join/join.go:1: package foo, but exercise join is package join\n07-join/more.go:1: package bar, but exercise join is package join"},
		"a name with a line end": {map[string]string{"join.go": "package join", "a\nb.go": "package join"},
			`"a\nb.go": a file's name must be UTF-8 without control characters; rename it`},
	} {
		t.Run(name, func(t *testing.T) {
			require.EqualError(t, handed(t, c.files).Err, c.want)
		})
	}
}

func TestAllowedImports(t *testing.T) {
	h := handed(t, map[string]string{"join.go": "package join\nimport (\n\"os/exec\"\n_ \"golang.org/x/sys/unix\"\n\"forklings/checker/syncpoint\"\n\"nosuch\"\n)\nvar s = `\n//go:embed x\n`\n//go:embedded is another word\n"})
	require.NoError(t, h.Err)
}

func TestSyntaxIsLeftToTheCompiler(t *testing.T) {
	require.NoError(t, handed(t, map[string]string{"join.go": "package join\nimport (\"os\nfunc"}).Err)
}

func TestAtMost64Files(t *testing.T) {
	files := map[string]string{}
	for i := range 64 {
		files[fmt.Sprintf("f%d.go", i)] = "package join"
	}
	require.NoError(t, handed(t, files).Err)
	files["one-more.go"] = "package join"
	require.EqualError(t, handed(t, files).Err, "07-join has 65 Go files; an attempt has at most 64")
}

func TestAtMost4MiB(t *testing.T) {
	files := map[string]string{}
	for i := range 4 {
		files[fmt.Sprintf("f%d.go", i)] = "package join //" + strings.Repeat("x", 1<<20-15)
	}
	require.NoError(t, handed(t, files).Err)
	files["g.go"] = "package join"
	require.EqualError(t, handed(t, files).Err, "07-join/g.go: with it the attempt at join has more than 4194304 bytes")
}

func TestWhatIsNoRegularFileIsRefusedByName(t *testing.T) {
	for want, place := range map[string]func(path string) error{
		"a symbolic link": func(path string) error { return os.Symlink("/etc/passwd", path) },
		"a FIFO":          func(path string) error { return unix.Mkfifo(path, 0o666) },
		"a socket": func(path string) error {
			l, err := net.ListenUnix("unix", &net.UnixAddr{Name: path})
			if err == nil {
				l.SetUnlinkOnClose(false)
				l.Close()
			}
			return err
		},
		"a device": func(path string) error { return unix.Mknod(path, unix.S_IFCHR|0o666, int(unix.Mkdev(1, 5))) },
	} {
		t.Run(want, func(t *testing.T) {
			t.Chdir(t.TempDir())
			write(t, ".", map[string]string{"join/more.go": "package join", "join-timeout/join_timeout.go": "package jointimeout"})
			err := place("join/join.go")
			if want == "a device" && errors.Is(err, unix.EPERM) {
				t.Skip("not shown: that a device is refused; only root may make one, mknod(2)")
			}
			require.NoError(t, err)
			a, err := Read(openKit(t), ".")
			require.NoError(t, err)
			require.EqualError(t, a.Handed[0].Err, "join/join.go is "+want+"; hand in regular files only")
			require.NoError(t, a.Handed[1].Err)
		})
	}
}

func TestLinksToFoldersAreRefused(t *testing.T) {
	t.Chdir(t.TempDir())
	elsewhere := t.TempDir()
	write(t, elsewhere, map[string]string{"07-join/join.go": "package join"})

	k := openKit(t)
	own := find(t, k, "join").Dir
	require.NoError(t, os.RemoveAll(own))
	require.NoError(t, os.Symlink(filepath.Join(elsewhere, "07-join"), own))
	a, err := Own(k)
	require.NoError(t, err)
	require.EqualError(t, a.Handed[0].Err, own+" is a symbolic link; hand in the folder itself")
	require.NoError(t, a.Handed[1].Err)

	dir := t.TempDir()
	require.NoError(t, os.Symlink(filepath.Join(elsewhere, "07-join"), filepath.Join(dir, "join")))
	a, err = Read(k, dir)
	require.NoError(t, err)
	require.EqualError(t, a.Handed[0].Err, filepath.Join(dir, "join")+" is a symbolic link; hand in the folder itself")

	dir = t.TempDir()
	require.NoError(t, os.Symlink(elsewhere, filepath.Join(dir, "exercises")))
	_, err = Read(k, dir)
	require.EqualError(t, err, filepath.Join(dir, "exercises")+" is a symbolic link; hand in the folder itself")
}

func TestUnreadableFileIsRefusedByName(t *testing.T) {
	k := openKit(t)
	t.Chdir(t.TempDir())
	write(t, ".", map[string]string{"join/join.go": "package join"})
	require.NoError(t, os.Chmod("join/join.go", 0))
	if os.Geteuid() == 0 { // root can read everything: to files, this thread is nobody meanwhile
		require.NoError(t, os.Chmod("..", 0o755))
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		require.NoError(t, unix.Setfsuid(65534))
		defer unix.Setfsuid(0)
	}
	a, err := Read(k, ".")
	require.NoError(t, err)
	require.EqualError(t, a.Handed[0].Err, "join/join.go cannot be read: permission denied")
}
