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

	"forklings/checker/grade/minikit"

	"github.com/stretchr/testify/require"
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
	until("greeter comes to again")
	asleep(t, pid)
	fmt.Fprintln(enter)
	until("greeter has exited 0")
	require.NoError(t, cmd.Wait())
	require.Equal(t, "hello Bob\n", out.String())
}

// asleep returns when the process sleeps in a read of its main thread.
func asleep(t *testing.T, pid string) {
	for {
		call, err := os.ReadFile("/proc/" + pid + "/syscall")
		require.NoError(t, err, "it is gone: nobody held it")
		if strings.HasPrefix(string(call), "0 0x") {
			return
		}
	}
}
