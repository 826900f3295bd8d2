package cgroup

import (
	"context"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"forklings/checker/lang"

	"golang.org/x/sys/unix"
)

// System is a machine, by its /proc.
type System struct{ Proc string }

// place is where a controller has its groups.
type place struct {
	mount   string
	own     string // the group that this process is in
	parent  string // the group in which more can be made
	unified bool   // version 2
}

// find looks up where a controller is: in a hierarchy of its own, or in the one that all others share.
func (s System) find(controller string) (p place, err error) {
	b, _ := os.ReadFile(filepath.Join(s.Proc, "self/cgroup"))
	group, found := "", false
	for line := range strings.Lines(string(b)) {
		f := strings.SplitN(strings.TrimSuffix(line, "\n"), ":", 3)
		if len(f) != 3 {
			continue
		}
		if own := slices.Contains(strings.Split(f[1], ","), controller); own || f[1] == "" && !found {
			group, found, p.unified = f[2], true, !own
		}
	}
	if !found || strings.HasPrefix(group, "/..") { // above all that we see
		return p, lang.Errorf("this Linux has no control groups of %s", controller)
	}
	b, _ = os.ReadFile(filepath.Join(s.Proc, "self/mountinfo"))
	for line := range strings.Lines(string(b)) {
		if root, mount, ok := mounted(line, controller, p.unified); ok {
			if rel, err := filepath.Rel(root, group); err == nil && rel != ".." && !strings.HasPrefix(rel, "../") {
				p.mount, p.own = mount, filepath.Join(mount, rel)
				return p, nil
			}
		}
	}
	return p, lang.Errorf("the control groups of %s are not mounted", controller)
}

// mounted reads a line of proc_pid_mountinfo(5): which folder of a hierarchy is where.
func mounted(line, controller string, unified bool) (root, mount string, ok bool) {
	before, after, _ := strings.Cut(line, " - ")
	b, a := strings.Fields(before), strings.Fields(after)
	if len(b) < 5 || len(a) < 3 {
		return "", "", false
	}
	if unified {
		ok = a[0] == "cgroup2"
	} else {
		ok = a[0] == "cgroup" && slices.Contains(strings.Split(a[2], ","), controller)
	}
	return unescape(b[3]), unescape(b[4]), ok
}

// unescape: blanks and backslashes stand as octal numbers there.
func unescape(s string) string {
	if plain, err := strconv.Unquote(`"` + s + `"`); err == nil {
		return plain
	}
	return s
}

// rest is the group that others of a delegated group go to: in version 2, who shares out resources among groups has no processes
// of its own ("no internal processes", cgroups(7)).
const rest = "forklings-rest"

var preparing sync.Mutex

// prepare finds the place of a controller, and makes it ready for groups.
func (s System) prepare(controller string) (place, error) {
	preparing.Lock()
	defer preparing.Unlock()
	p, err := s.find(controller)
	if err != nil {
		return p, err
	}
	p.parent = p.own
	if !p.unified {
		return p, nil
	}
	if filepath.Base(p.own) == rest {
		p.parent = filepath.Dir(p.own)
	}
	switch {
	case !has(p.parent, "cgroup.controllers", controller):
		return p, lang.Errorf("no control groups of %s may be made where this session is, in %s", controller, p.own)
	case has(p.parent, "cgroup.subtree_control", controller):
		return p, nil
	case top(p.parent):
	case !s.ours(p):
		return p, lang.Errorf("the control group of this session, %s, is not its own: `systemd-run --user --scope -p Delegate=yes` starts a command in one that is, for root without --user", p.own)
	default:
		if p.own, err = retreat(p.parent); err != nil {
			return p, err
		}
	}
	return p, put(p.parent, "cgroup.subtree_control", "+"+controller)
}

// top is the group of the whole machine, the only one that may have processes beside groups.
func top(group string) bool {
	_, err := os.Stat(filepath.Join(group, "cgroup.type"))
	return err != nil
}

// ours: a manager has left it to us, as systemd says of a unit (systemd.resource-control(5), Delegate=), or it is all that a
// container sees. Systemd marks the groups of system units. The manager of a user marks none, and is asked.
func (s System) ours(p place) bool {
	if p.parent == p.mount {
		return true
	}
	for _, name := range []string{"user.delegate", "trusted.delegate"} {
		value := make([]byte, 8)
		if n, err := unix.Getxattr(p.parent, name, value); err == nil && string(value[:n]) == "1" {
			return true
		}
	}
	return unix.Access(filepath.Join(p.parent, "cgroup.procs"), unix.W_OK) == nil && delegates(p)
}

// answer is how long a manager may take; it does in milliseconds.
const answer = 10 * time.Second

// delegates asks the manager that a unit's group is of: the user's, whose units are below its service, or else the system's.
func delegates(p place) bool {
	group := "/" + strings.TrimPrefix(strings.TrimPrefix(p.parent, p.mount), "/")
	unit, manager := filepath.Base(group), "--system"
	if kind := filepath.Ext(unit); kind != ".scope" && kind != ".service" {
		return false
	}
	if strings.Contains(group, "/user@"+strconv.Itoa(os.Getuid())+".service/") {
		manager = "--user"
	}
	ctx, cancel := context.WithTimeout(context.Background(), answer)
	defer cancel()
	said, err := exec.CommandContext(ctx, "systemctl", manager, "show", "--property=Delegate,ControlGroup", "--", unit).Output()
	lines := strings.Split(string(said), "\n")
	return err == nil && slices.Contains(lines, "Delegate=yes") && slices.Contains(lines, "ControlGroup="+group)
}

// retreat moves all processes of a group into one below it. More may be born meanwhile.
func retreat(group string) (own string, err error) {
	own = filepath.Join(group, rest)
	if err := os.Mkdir(own, 0o755); err != nil && !os.IsExist(err) {
		return "", lang.Errorf("a control group cannot be made: %w", err)
	}
	for {
		b, err := os.ReadFile(filepath.Join(group, "cgroup.procs"))
		if err != nil {
			return "", lang.Errorf("a control group cannot be set up: %w", err)
		}
		pids := strings.Fields(string(b))
		if len(pids) == 0 {
			return own, nil
		}
		for _, pid := range pids {
			if pid == "0" {
				return "", lang.Errorf("processes that cannot be seen from here are in the control group of this session, %s", group)
			}
			if err := put(own, "cgroup.procs", pid); err != nil {
				if _, gone := os.Stat(filepath.Join("/proc", pid)); gone == nil { // else it has ended, and there is nothing to move
					return "", err
				}
			}
		}
	}
}

func has(group, file, word string) bool {
	b, _ := os.ReadFile(filepath.Join(group, file))
	return slices.Contains(strings.Fields(string(b)), word)
}

// Threads is how many more threads the groups leave that this process is in; math.MaxInt: they do not limit it.
func Threads() int { return System{"/proc"}.threads() }

func (s System) threads() int {
	left := math.MaxInt
	p, err := s.find("pids")
	if err != nil {
		return left
	}
	for at := p.own; ; at = filepath.Dir(at) {
		most, limited := number(filepath.Join(at, "pids.max"))
		if now, ok := number(filepath.Join(at, "pids.current")); ok && limited {
			left = min(left, most-now)
		}
		if at == p.mount || at == filepath.Dir(at) {
			return left
		}
	}
}

// number reads a file that holds one; ok is false where there is none, such as the word max.
func number(file string) (n int, ok bool) {
	b, _ := os.ReadFile(file)
	n, err := strconv.Atoi(strings.TrimSpace(string(b)))
	return n, err == nil
}
