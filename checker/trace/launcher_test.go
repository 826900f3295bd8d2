//go:build linux && (amd64 || arm64)

package trace

import (
	"os"
	"os/exec"
	"testing"

	"forklings/checker/seccomp"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// launched runs a program by the small launcher, under a filter that is handed over in two pieces at most.
func launched(t *testing.T, filter []byte, args ...string) (string, error) {
	path, err := SmallLauncher()
	require.NoError(t, err)
	held, hold, err := os.Pipe()
	require.NoError(t, err)
	defer held.Close()
	cmd := exec.Command(path)
	cmd.Args, cmd.Env, cmd.ExtraFiles = append([]string{Launcher}, args...), []string{"A=b", "PATH=/usr/bin:/bin", "LC_ALL=C"}, []*os.File{held}
	go func() {
		defer hold.Close()
		for _, part := range [][]byte{filter[:len(filter)/2], filter[len(filter)/2:]} {
			hold.Write(part)
		}
	}()
	out, err := cmd.CombinedOutput()
	return string(out), err
}

func TestTheSmallLauncherBecomesTheProgramUnderItsFilter(t *testing.T) {
	if unix.Geteuid() != 0 { // a filter wants no_new_privs otherwise, and that would be this whole program's
		require.NoError(t, unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0))
	}
	// Of all calls only uname is refused.
	p, err := seccomp.Begin(unix.SECCOMP_RET_ALLOW)
	require.NoError(t, err)
	p = append(p, seccomp.Jump(unix.BPF_JEQ, unix.SYS_UNAME, 0, 1), seccomp.Return(unix.SECCOMP_RET_ERRNO|uint32(unix.EPERM)), seccomp.Return(unix.SECCOMP_RET_ALLOW))
	require.Equal(t, p, seccomp.FromBytes(seccomp.Bytes(p)))
	out, err := launched(t, seccomp.Bytes(p), "/bin/sh", "sh", "-c", `echo "$0 $1 $A"; [ -e /proc/self/fd/3 ] || echo closed; uname`, "one", "two words")
	require.ErrorContains(t, err, "exit status 1")
	require.Contains(t, out, "one two words b\nclosed\n")
	require.Contains(t, out, "Operation not permitted")

	for what, x := range map[string]struct {
		filter []byte
		path   string
	}{
		"no program": {seccomp.Bytes(p), "/nowhere"},
		"no filter":  {nil, "/bin/sh"},
	} {
		out, err = launched(t, x.filter, x.path, "sh", "-c", "true")
		require.ErrorContains(t, err, "exit status 125", what)
		require.Equal(t, complaint, out, what)
	}
}
