//go:build linux

package cli_test

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"forklings/checker/grade/minikit"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// A program that is run step by step stands at each point until Enter is pressed. Were it not held, it would be
// gone before it is found asleep in its wait.
func TestEnterLetsAProgramGoOnFromPointToPoint(t *testing.T) {
	k := minikit.New(t)
	solution, err := os.ReadFile(filepath.Join(k.Root, "solutions/greet/greet.go"))
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(k.Root, "exercises/01-greet/greet.go"), solution, 0o644))
	exe, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.Command(exe, "run", "-step", "greet", "greeter")
	cmd.Args[0], cmd.Dir = "checker", k.Root
	var out bytes.Buffer
	cmd.Stdout = &out
	enter, err := cmd.StdinPipe()
	require.NoError(t, err)
	events, err := cmd.StderrPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	told := bufio.NewScanner(events)
	until := func(text string) (line string) {
		for told.Scan() {
			if strings.HasSuffix(told.Text(), text) {
				return told.Text()
			}
		}
		require.Fail(t, "it was never told: "+text)
		return ""
	}
	pid := regexp.MustCompile(`\d+`).FindString(until("greeter comes to greeted"))
	require.NotEmpty(t, pid)
	asleep(t, pid)
	fmt.Fprintln(enter)
	until("greeter goes on from greeted")
	until("greeter comes to again")
	asleep(t, pid)
	fmt.Fprintln(enter)
	until("greeter has exited 0")
	require.NoError(t, cmd.Wait())
	require.Equal(t, "hello Bob\n", out.String())
}

// asleep returns when a thread of the process sleeps in a read, as at a point where it is held.
func asleep(t *testing.T, pid string) {
	reads := fmt.Sprintf("%d 0x", unix.SYS_READV)
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(time.Millisecond) {
		require.DirExists(t, "/proc/"+pid, "it is gone: nobody held it")
		threads, _ := filepath.Glob("/proc/" + pid + "/task/*/syscall")
		for _, thread := range threads {
			if call, _ := os.ReadFile(thread); strings.HasPrefix(string(call), reads) {
				return
			}
		}
	}
	require.Fail(t, "it does not sleep")
}
