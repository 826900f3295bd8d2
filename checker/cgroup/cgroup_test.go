//go:build linux

package cgroup

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
)

// TestMain is this binary's other lives, too: a process of a group.
func TestMain(m *testing.M) {
	switch os.Getenv("FORKLINGS_TEST_GROUP") {
	case "hoard": // memory of the kernel's, that is in no process's size
		os.Stdin.Read(make([]byte, 1))
		message := make([]byte, 64<<10)
		for range 1500 {
			pair, err := unix.Socketpair(unix.AF_UNIX, unix.SOCK_STREAM|unix.SOCK_NONBLOCK, 0)
			if err != nil {
				os.Exit(2)
			}
			for _, fd := range pair {
				for err = nil; err == nil; {
					_, err = unix.Write(fd, message)
				}
			}
		}
		os.Exit(0)
	case "multiply":
		os.Stdin.Read(make([]byte, 1))
		for range 100 {
			cmd := exec.Command("sleep", "60")
			cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
			if cmd.Start() != nil {
				os.Exit(1)
			}
			defer cmd.Wait()
			defer cmd.Process.Kill()
		}
		return
	}
	os.Exit(m.Run())
}

func group(t *testing.T, l Limits) *Group {
	g, err := New(l)
	if err != nil {
		_, memory := System{"/proc"}.prepare("memory")
		_, pids := System{"/proc"}.prepare("pids")
		if memory == nil && pids == nil && !errors.Is(err, fs.ErrPermission) && !errors.Is(err, unix.EROFS) {
			require.NoError(t, err, "they are there, and may be made")
		}
		t.Skipf("not shown: that a control group keeps its processes to its limits and goes with the last of them; there are none here: %v", err)
	}
	t.Cleanup(func() {
		require.NoError(t, g.Remove())
		for _, s := range g.Seats() {
			require.NoDirExists(t, s.Dir)
		}
	})
	return g
}

// play runs another life of this binary in the group.
func play(t *testing.T, g *Group, life string) *os.ProcessState {
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), "FORKLINGS_TEST_GROUP="+life)
	begin, err := cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	require.NoError(t, g.Add(cmd.Process.Pid))
	begin.Close()
	cmd.Wait()
	return cmd.ProcessState
}

func TestWhoTakesMoreMemoryThanTheGroupHasIsEnded(t *testing.T) {
	g := group(t, Limits{Memory: 128 << 20, Threads: 100})
	require.Zero(t, g.Refused())
	state := play(t, g, "hoard")
	require.Equal(t, syscall.SIGKILL, state.Sys().(syscall.WaitStatus).Signal(), state)
	require.Positive(t, g.Refused().Memory)
	require.Positive(t, g.Refused().Full)
	require.Zero(t, g.Refused().Threads)
}

// TestWhoIsEndedForOthersHasNotHadTooMuch: a group around stands for a machine that has less memory than the group may take.
func TestWhoIsEndedForOthersHasNotHadTooMuch(t *testing.T) {
	around := group(t, Limits{Memory: 64 << 20, Threads: 200})
	p, err := System{"/proc"}.find("memory")
	require.NoError(t, err)
	if !p.unified || len(around.Seats()) > 1 {
		t.Skip("not shown: that a machine without memory is told from a group without; version 1 of control groups does not tell")
	}
	seat := around.Seats()[0].Dir
	require.NoError(t, put(seat, "cgroup.subtree_control", "+memory +pids"))
	s, _ := machine(t, "0::"+strings.TrimPrefix(seat, p.mount)+"\n", "29 23 0:26 / "+p.mount+" rw - cgroup2 cgroup2 rw\n")
	g, err := s.group(Limits{Memory: 128 << 20, Threads: 100})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, g.Remove()) })
	state := play(t, g, "hoard")
	require.Equal(t, syscall.SIGKILL, state.Sys().(syscall.WaitStatus).Signal(), state)
	require.Positive(t, g.Refused().Memory)
	require.Zero(t, g.Refused().Full)
}

func TestWhoStartsMoreThanTheGroupHasIsRefused(t *testing.T) {
	g := group(t, Limits{Memory: 1 << 30, Threads: 50})
	require.Equal(t, 1, play(t, g, "multiply").ExitCode())
	require.Positive(t, g.Refused().Threads)
	require.Zero(t, g.Refused().Memory)
}

func write(t *testing.T, file, text string) {
	require.NoError(t, os.MkdirAll(filepath.Dir(file), 0o755))
	require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
}

// machine is a /proc, and control groups mounted in a folder.
func machine(t *testing.T, groups, mounts string) (s System, dir string) {
	dir = t.TempDir()
	write(t, dir+"/proc/self/cgroup", groups)
	write(t, dir+"/proc/self/mountinfo", os.Expand(mounts, func(string) string { return dir }))
	return System{dir + "/proc"}, dir
}

const (
	first  = "29 23 0:26 / $DIR/pids rw - cgroup cgroup rw,pids\n30 23 0:27 / $DIR/memory rw - cgroup cgroup rw,memory\n"
	second = "31 23 0:28 / $DIR/unified rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
)

func TestAControllerIsFoundInItsOwnHierarchyOrInTheSharedOne(t *testing.T) {
	s, dir := machine(t, "3:pids:/box/inner\n2:cpu,memory:/elsewhere\n0::/slice\n", first+second)
	p, err := s.find("pids")
	require.NoError(t, err)
	require.Equal(t, place{mount: dir + "/pids", own: dir + "/pids/box/inner"}, p)
	p, err = s.find("hugetlb")
	require.NoError(t, err)
	require.Equal(t, place{mount: dir + "/unified", own: dir + "/unified/slice", unified: true}, p)

	s, dir = machine(t, "3:pids:/docker/a\\b/inner\n", "29 23 0:26 /docker/a\\134b $DIR/my\\040pids rw - cgroup cgroup rw,pids\n")
	p, err = s.find("pids")
	require.NoError(t, err)
	require.Equal(t, dir+"/my pids/inner", p.own, "a container sees its own part")

	for _, groups := range []string{"", "3:memory:/\n", "3:pids:/\n", "0::/../outside\n", "nonsense\n"} {
		s, _ = machine(t, groups, second)
		_, err = s.find("pids")
		require.Error(t, err, groups)
	}
}

func TestTheNarrowestGroupCounts(t *testing.T) {
	s, dir := machine(t, "3:pids:/box/inner\n0::/slice\n", first+second)
	require.Equal(t, math.MaxInt, s.threads(), "no group says anything")
	write(t, dir+"/pids/box/inner/pids.max", "max\n")
	write(t, dir+"/pids/box/inner/pids.current", "5\n")
	write(t, dir+"/pids/box/pids.max", "100\n")
	write(t, dir+"/pids/box/pids.current", "30\n")
	require.Equal(t, 70, s.threads())
	s, dir = machine(t, "0::/slice\n", second)
	write(t, dir+"/unified/slice/pids.max", "64\n")
	write(t, dir+"/unified/slice/pids.current", "60\n")
	require.Equal(t, 4, s.threads())
	s, _ = machine(t, "", "")
	require.Equal(t, math.MaxInt, s.threads(), "there is nothing to read")
}

// TestGroupsAreMadeWhereTheyMayBe: in version 2, the kernel wants a group without processes, and a manager its own groups for itself.
func TestGroupsAreMadeWhereTheyMayBe(t *testing.T) {
	text := func(file string) string {
		b, err := os.ReadFile(file)
		require.NoError(t, err)
		return string(b)
	}
	v2 := func(own string) (System, string) {
		s, dir := machine(t, "0::"+own+"\n", second)
		group := filepath.Join(dir, "unified", own)
		write(t, group+"/cgroup.controllers", "cpu memory pids\n")
		write(t, group+"/cgroup.subtree_control", "")
		write(t, group+"/cgroup.procs", "")
		return s, group
	}

	s, dir := machine(t, "3:pids:/box\n", first)
	p, err := s.prepare("pids")
	require.NoError(t, err)
	require.Equal(t, dir+"/pids/box", p.parent, "version 1: below its own")

	s, own := v2("/")
	p, err = s.prepare("memory")
	require.NoError(t, err)
	require.Equal(t, own, p.parent)
	require.Equal(t, "+memory", text(own+"/cgroup.subtree_control"), "the top of the machine may have processes and groups")

	s, own = v2("/user.slice/session.scope")
	write(t, own+"/cgroup.type", "domain\n")
	_, err = s.prepare("memory")
	require.ErrorContains(t, err, "Delegate=yes", "it is the manager's")
	require.NoDirExists(t, own+"/"+rest)
	write(t, own+"/cgroup.subtree_control", "memory pids\n")
	p, err = s.prepare("memory")
	require.NoError(t, err)
	require.Equal(t, own, p.parent, "somebody has prepared it")

	s, own = v2("/")
	write(t, own+"/cgroup.type", "domain\n")
	require.NoError(t, os.Mkdir(own+"/"+rest, 0o755))
	p, err = s.prepare("memory")
	require.NoError(t, err)
	require.Equal(t, place{own, filepath.Join(own, rest), own, true}, p, "a container's own: its processes make room")

	s, own = v2("/box/" + rest)
	parent := filepath.Dir(own)
	write(t, parent+"/cgroup.controllers", "memory pids\n")
	write(t, parent+"/cgroup.subtree_control", "memory pids\n")
	p, err = s.prepare("pids")
	require.NoError(t, err)
	require.Equal(t, parent, p.parent, "room was made before")

	s, own = v2("/")
	write(t, own+"/cgroup.controllers", "hugetlb\n")
	_, err = s.prepare("memory")
	require.ErrorContains(t, err, "memory")
}

// TestAManagerIsAskedForWhatItHasLeft: that of a user marks none of its groups.
func TestAManagerIsAskedForWhatItHasLeft(t *testing.T) {
	bin := t.TempDir()
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	user := fmt.Sprintf("/user.slice/user@%d.service/app.slice/run-1.scope", os.Getuid())
	asked := func(group, answer string) (said string, err error) {
		s, dir := machine(t, "0::"+group+"\n", second)
		own := filepath.Join(dir, "unified", group)
		for _, file := range []string{"procs", "subtree_control", "type"} {
			write(t, own+"/cgroup."+file, "")
		}
		write(t, own+"/cgroup.controllers", "memory pids\n")
		write(t, bin+"/systemctl", "#!/bin/sh\necho \"$@\" >"+dir+"/said\nprintf '"+answer+"'\n")
		require.NoError(t, os.Chmod(bin+"/systemctl", 0o755))
		_, err = s.prepare("memory")
		b, _ := os.ReadFile(dir + "/said")
		return string(b), err
	}

	said, err := asked(user, "Delegate=yes\nControlGroup="+user+"\n")
	require.NoError(t, err)
	require.Equal(t, "--user show --property=Delegate,ControlGroup -- run-1.scope\n", said)
	said, err = asked("/system.slice/ours.service", "ControlGroup=/system.slice/ours.service\nDelegate=yes\n")
	require.NoError(t, err)
	require.Contains(t, said, "--system ")
	for _, answer := range []string{"", "Delegate=no\nControlGroup=" + user + "\n", "Delegate=yes\nControlGroup=/another/run-1.scope\n"} {
		_, err = asked(user, answer)
		require.ErrorContains(t, err, "Delegate=yes", answer)
	}
	said, _ = asked("/user.slice", "Delegate=yes\nControlGroup=/user.slice\n")
	require.Empty(t, said, "nobody leaves such a one to anybody")
}

func TestLimitsThatCannotBeSetLeaveNoGroup(t *testing.T) {
	s, dir := machine(t, "3:pids:/\n2:memory:/\n", first)
	require.NoError(t, os.MkdirAll(dir+"/pids", 0o755))
	require.NoError(t, os.MkdirAll(dir+"/memory", 0o755))
	_, err := s.group(Limits{1 << 30, 100}) // no kernel makes files in these folders
	require.ErrorIs(t, err, os.ErrNotExist)
	left, err := filepath.Glob(dir + "/*/forklings-*")
	require.NoError(t, err)
	require.Empty(t, left)
}

// TestWhoLeavesTakesTheGroupAway: the maker may have been killed.
func TestWhoLeavesTakesTheGroupAway(t *testing.T) {
	g := group(t, Limits{1 << 30, 100})
	began := time.Now()
	require.NoError(t, g.Add(os.Getpid()))
	require.ErrorIs(t, g.Remove(), unix.EBUSY, "there is somebody in it")
	require.GreaterOrEqual(t, time.Since(began), patience)
	require.NoError(t, Leave(g.Seats()))
	require.NoDirExists(t, g.Seats()[0].Dir)
}
