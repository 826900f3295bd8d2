//go:build linux

package build

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestABuildIsWalledIn: a process that stands for the compiler tries what none has to do.
func TestABuildIsWalledIn(t *testing.T) {
	if job := os.Getenv("TRY"); job != "" {
		try(strings.Fields(job))
		return
	}
	version, _, errno := unix.Syscall(unix.SYS_LANDLOCK_CREATE_RULESET, 0, 0, unix.LANDLOCK_CREATE_RULESET_VERSION)
	if errno != 0 || version < 6 {
		t.Skipf("Landlock (%d, %v) does not know all of it here: that a build is walled in is not shown", version, errno)
	}
	inside, outside := t.TempDir(), t.TempDir()
	kept := filepath.Join(outside, "kept")
	require.NoError(t, os.WriteFile(kept, nil, 0o644))
	port, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer port.Close()
	run := func(writes []string) string {
		cmd := exec.Command(os.Args[0], "-test.run=^TestABuildIsWalledIn$", "-test.count=1")
		cmd.Env = append(os.Environ(), fmt.Sprint("TRY=", inside, " ", outside, " ", port.Addr(), " ", os.Getpid()))
		var out strings.Builder
		cmd.Stdout = &out
		require.NoError(t, runTied(cmd, writes))
		said, _, _ := strings.Cut(out.String(), "PASS")
		return said
	}
	require.Equal(t, "inside ok, outside permission denied, remove permission denied, read ok, connect permission denied, signal operation not permitted", run([]string{inside}))
	require.FileExists(t, kept)
	require.Equal(t, "inside ok, outside ok, remove ok, read ok, connect ok, signal ok", run(nil), "without walls all of it is possible")
}

func try(args []string) {
	inside, outside, port := args[0], args[1], args[2]
	var pid int
	fmt.Sscan(args[3], &pid)
	say := func(what string, err error) string {
		var errno unix.Errno
		if errors.As(err, &errno) {
			err = errno
		}
		if err == nil {
			return what + " ok"
		}
		return fmt.Sprint(what, " ", err)
	}
	_, read := os.ReadDir(outside)
	conn, connect := net.Dial("tcp", port)
	if connect == nil {
		conn.Close()
	}
	fmt.Print(strings.Join([]string{
		say("inside", os.WriteFile(filepath.Join(inside, "new"), nil, 0o644)),
		say("outside", os.WriteFile(filepath.Join(outside, "new"), nil, 0o644)),
		say("remove", os.Remove(filepath.Join(outside, "kept"))),
		say("read", read), say("connect", connect), say("signal", unix.Kill(pid, 0)),
	}, ", "))
}
