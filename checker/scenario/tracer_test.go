package scenario

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
	"unsafe"

	"forklings/checker/result"
	"forklings/checker/script"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestATracerThatIsKilledLeavesNothing: what it traced ends with it (PTRACE_O_EXITKILL), and the play is nobody's mistake.
func TestATracerThatIsKilledLeavesNothing(t *testing.T) {
	const text = `# Three children are held, and one process works on and on.

start spins spins
busy spins
start three three
await held at here  else never-starts
await held.2 at here  else never-starts
await held.3 at here  else never-starts
await spins ended  else never-ends
`
	parsed, err := script.Parse(text)
	require.NoError(t, err)
	exe, err := os.Executable()
	require.NoError(t, err)
	for tier, box := range tiers(t) {
		t.Run(tier, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "work")
			require.NoError(t, os.Mkdir(dir, 0o755))
			file := filepath.Join(t.TempDir(), "held.txtar")
			require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
			s := newStage(context.Background(), Play{File: file, Binary: exe, Program: "rogue", Dir: dir, Sandbox: box, Trace: true}, parsed)
			points := 0 // spins and three have one each, their children three
			s.hear = func(e Event) {
				if e.Kind != "point" {
					return
				}
				if points++; points == 5 {
					require.Len(t, running(dir), 5)
					require.NoError(t, unix.Kill(s.box.PID, unix.SIGKILL))
				}
			}
			s.play(&judge{}) // a subreaper that is gone can prove nothing, and says so: here it is looked for
			require.Equal(t, 5, points)
			require.NotNil(t, s.verdict)
			require.Equal(t, result.Error, s.verdict.Status)
			// The kernel has sent each a SIGKILL, and who has that is gone when it has run once more.
			require.Eventually(t, func() bool { return len(running(dir)) == 0 }, time.Minute, time.Millisecond, "processes are left")
		})
	}
}

// tricks does what makes tracers stumble.
func tricks() {
	must(unix.Prctl(unix.PR_SET_NAME, uintptr(unsafe.Pointer(unsafe.StringData("a) Z 1 (b\x00"))), 0, 0, 0))
	must(exec.Command("/bin/sh", "-c", "exec /bin/sh -c '(/bin/sh -c : &) & wait'").Run())
	for range 4 { // a hundred children, some of them gone before their birth is told
		var all []*exec.Cmd
		for range 25 {
			all = append(all, child("ends"))
		}
		for _, c := range all {
			must(c.Wait())
		}
	}
	must(command("execs-from-a-thread").Run())
	c := child("stops-itself")
	var status unix.WaitStatus
	_, err := unix.Wait4(c.Process.Pid, &status, unix.WUNTRACED, nil)
	must(err)
	if !status.Stopped() {
		panic("not stopped")
	}
	must(c.Process.Signal(unix.SIGCONT))
	must(c.Wait())
	must(unix.Prctl(unix.PR_SET_DUMPABLE, 0, 0, 0, 0))
	must(os.WriteFile("left.txt", []byte("done"), 0o644))
	must(command("ends").Run())
}
