package cli

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"strings"

	"forklings/checker/lang"
	"forklings/checker/sandbox"

	"golang.org/x/sys/unix"
)

// release is the kernel's version, as uname(2) gives it.
func release() string {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return ""
	}
	return unix.ByteSliceToString(u.Release[:])
}

func kernel() string { return strings.TrimSpace("Linux " + release()) }

var version = regexp.MustCompile(`^(\d+)\.(\d+)`)

// system says what is wrong with a kernel of this release: WSL1 is no Linux kernel, and one before 5.10 lacks system calls that
// the supervisor needs (pidfd_open(2), close_range(2)). It is nil when nothing is.
func system(release string) error {
	if strings.HasSuffix(release, "-Microsoft") { // WSL2 says microsoft-standard-WSL2
		return lang.Errorf("this is WSL1, which imitates Linux and has no processes of its own: in a PowerShell, `wsl --list --verbose` names your distribution, and `wsl --set-version NAME 2` makes it a WSL2")
	}
	m := version.FindStringSubmatch(release)
	if m == nil {
		return nil
	}
	major, _ := strconv.Atoi(m[1])
	minor, _ := strconv.Atoi(m[2])
	if major > 5 || major == 5 && minor >= 10 {
		return nil
	}
	return lang.Errorf("Linux %s is too old, 5.10 or newer is needed: update it, or open the folder in its dev container on a machine with a newer one (a container has the kernel of its machine)", release)
}

// machine says what is wrong with this one; nil when nothing is.
func machine() error {
	if err := system(release()); err != nil {
		return err
	}
	if _, err := os.Stat("/proc/self/exe"); err != nil {
		return lang.Errorf("/proc is not mounted, and neither go nor the checker works without it: mount -t proc proc /proc (as root; in a chroot, inside of it)")
	}
	return nil
}

func (c *call) examineSandbox() []finding {
	what, signals := c.lang.Text("sandbox"), c.lang.Text("signals")
	p := sandbox.Try()
	var found []finding
	switch {
	case p.Subreaper != nil:
		return []finding{{bad, what, c.lang.Sprintf("neither namespaces (%v) nor a subreaper (%v)", p.Refused, p.Subreaper),
			c.lang.Text("a container's seccomp profile may forbid it: docker run --security-opt seccomp=unconfined, or the dev container")}}
	case p.Refused == nil:
		found = append(found, finding{good, what, c.lang.Text("namespaces: every scenario has its own PIDs, network and /proc, and is its own little machine"), ""})
	default:
		f := finding{less, what, c.lang.Sprintf("subreaper: namespaces were refused (%v); verdicts are the same, the walls are thinner", p.Refused), ""}
		if read("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1" {
			f.todo = c.lang.Text("AppArmor refuses them here: sysctl kernel.apparmor_restrict_unprivileged_userns=0 (as root) would allow them")
		} else if read("/proc/sys/user/max_user_namespaces") == "0" {
			f.todo = c.lang.Text("none are allowed here: sysctl user.max_user_namespaces=10000 (as root) would allow them")
		} else if read("/proc/sys/kernel/unprivileged_userns_clone") == "0" {
			f.todo = c.lang.Text("only root may make them here: sysctl kernel.unprivileged_userns_clone=1 (as root) would allow them")
		}
		found = append(found, f)
	}
	switch p.Confined {
	case "namespace":
		found = append(found, finding{good, signals, c.lang.Text("what a program signals is inside its own namespace"), ""})
	case "landlock":
		found = append(found, finding{good, signals, c.lang.Text("Landlock keeps a program's signals inside (scope signal)"), ""})
	case "seccomp":
		found = append(found, finding{less, signals, c.lang.Text("no Landlock signal scope before Linux 6.12: kill(-1) is refused by a seccomp filter, so that it cannot end your session"), ""})
	}
	found = append(found, c.examineWalls(p))
	if p.Refused == nil {
		found = append(found, c.examineCgroups(p))
	}
	if p.Timers {
		found = append(found, finding{good, c.lang.Text("timers"), c.lang.Text("a program that polls by setitimer or alarm is seen doing it"), ""})
	} else {
		found = append(found, finding{less, c.lang.Text("timers"), c.lang.Text("no seccomp filter: a program that polls by setitimer or alarm cannot be told from one that sleeps"), ""})
	}
	return found
}

// examineWalls says what programs may see and change of the file system.
func (c *call) examineWalls(p sandbox.Probe) finding {
	what := c.lang.Text("files")
	switch p.Level {
	case "namespaces", "cgroups":
		return finding{good, what, c.lang.Text("programs open nothing but their scenario's folder and the system's programs, and change nothing else (Landlock, read-only mounts)"), ""}
	case "mounts":
		return finding{less, what, c.lang.Text("no Landlock that is new enough (Linux 6.2): programs change nothing outside their scenario's folder, but read what you may read"), ""}
	case "landlock", "files":
		return finding{less, what, c.lang.Text("Landlock: programs open nothing but their scenario's folder and the system's programs; the network, and the modes and times of your files, are open to them"), ""}
	}
	return finding{less, what, c.lang.Text("programs read and write what you may read and write"), c.lang.Text("grade what strangers have written as a user who can write nothing else")}
}

// examineCgroups says who keeps all processes of a scenario to their limits.
func (c *call) examineCgroups(p sandbox.Probe) finding {
	what := c.lang.Text("together")
	if p.Cgroup != nil {
		return finding{less, what, c.lang.Sprintf("the memory and threads of all processes together are looked at many times a second, and no control group limits them: %v", p.Cgroup), ""}
	}
	return finding{good, what, c.lang.Text("the kernel limits the memory and threads of all processes together (control groups)"), ""}
}

func (c *call) examineTracing() (found []finding) {
	if sandbox.Try().Subreaper != nil {
		return nil
	}
	what := c.lang.Text("tracing")
	if err := sandbox.Traces(); err == nil {
		found = append(found, finding{good, what, c.lang.Text("what fails is shown as a timeline of what the processes did, and scenarios about orders are explored (ptrace)"), ""})
	} else {
		f := finding{less, what, c.lang.Sprintf("no timelines, and explored scenarios are skipped: %v; all other verdicts are the same", err), ""}
		if scope := read("/proc/sys/kernel/yama/ptrace_scope"); scope == "2" || scope == "3" {
			f.todo = c.lang.Sprintf("kernel.yama.ptrace_scope is %s: at most 1 would allow it (3 stays until the next boot)", scope)
		} else {
			f.todo = c.lang.Text("in a container: docker run --cap-add SYS_PTRACE --security-opt seccomp=unconfined, or the dev container")
		}
		found = append(found, f)
	}
	if _, err := os.ReadFile("/proc/self/schedstat"); err != nil {
		found = append(found, finding{less, c.lang.Text("load"), c.lang.Text("no /proc/PID/schedstat: on a very busy machine a scenario may end as timeout, never as fail"), ""})
	}
	return found
}

func read(name string) string {
	b, _ := os.ReadFile(name)
	return strings.TrimSpace(string(b))
}

// judgeable fails where the system cannot be judged on, with what to do.
func (c *call) judgeable(refused error) error {
	if err := machine(); err != nil {
		return status{CannotJudge, c.lang.Error(err)}
	}
	if refused != nil {
		return status{CannotJudge, fmt.Sprintf("%s; %s", c.lang.Error(refused), c.lang.Text("`checker doctor` tells what this machine allows"))}
	}
	return nil
}
