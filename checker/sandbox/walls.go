package sandbox

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"forklings/checker/supervisor"
)

// Levels are how well scenarios can be walled in, the worst first.
//
//	subreaper   limits, and no signals to the checker; programs open what the user may open
//	mounts      namespaces without Landlock's rights of files (Linux 6.2): programs read what the user may read, and change nothing
//	files       a subreaper whose programs trace and open nothing outside (Linux 6.2), but reach the network, change modes and times, and
//	            may signal whom the user may signal
//	landlock    the same without signals, and without abstract sockets (Linux 6.12)
//	namespaces  nothing outside can be seen, reached or changed
//	cgroups     the same, and all processes of a scenario together have no more memory and threads than the kernel gives a control group
var Levels = []string{string(Subreaper), "mounts", "files", "landlock", string(Namespaces), "cgroups"}

// Less compares two levels. Any is as good as "".
func Less(level, than string) bool { return slices.Index(Levels, level) < slices.Index(Levels, than) }

// Level is how well this one is walled in.
func (s *Sandbox) Level() string {
	switch {
	case s.Files && s.ReadOnly && s.grouped():
		return "cgroups"
	case s.Files && s.ReadOnly:
		return string(Namespaces)
	case s.ReadOnly:
		return "mounts"
	case s.Files && s.Confined == "landlock":
		return "landlock"
	case s.Files:
		return "files"
	}
	return string(Subreaper)
}

// limits are those of strangers' programs; of one's own, run by hand, only the largest file.
func (o Options) limits() supervisor.Limits {
	if o.Own == "" {
		return supervisor.Limits{FileSize: Limits.FileSize}
	}
	return Limits
}

// public are other programs, their libraries, and the little of /etc that libraries read.
var public = []string{
	"/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/nix", "/gnu", "/run/current-system", "/sys",
	"/etc/alternatives", "/etc/group", "/etc/hosts", "/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime",
	"/etc/nsswitch.conf", "/etc/passwd", "/etc/protocols", "/etc/resolv.conf", "/etc/services",
}

func (o Options) walls() *supervisor.Walls {
	if o.Own == "" {
		return nil
	}
	if o.Read == nil {
		o.Read = Public()
	}
	return &supervisor.Walls{Work: o.Work, Disk: holdsBytes, Files: holdsFiles, Read: append(o.Read[:len(o.Read):len(o.Read)], o.Own)}
}

// Public is what programs may read and run, but for what is hidden, wherever that lies.
func Public(hidden ...string) (read []string) {
	for _, path := range public {
		read = append(read, without(path, hidden)...)
	}
	return read
}

// without is the path, or what is in it, without what is hidden there.
func without(path string, hidden []string) []string {
	for _, h := range hidden {
		switch rel, err := filepath.Rel(path, h); {
		case err != nil || rel == ".." || strings.HasPrefix(rel, "../"):
			continue
		case rel == ".":
			return nil
		}
		var rest []string
		entries, _ := os.ReadDir(path)
		for _, e := range entries {
			rest = append(rest, without(filepath.Join(path, e.Name()), hidden)...)
		}
		return rest
	}
	return []string{path}
}
