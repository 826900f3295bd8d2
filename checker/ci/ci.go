// Package ci holds what grades a course on the platforms that courses use: ready to use, with the kit's address filled in.
package ci

import (
	"embed"
	"fmt"
	"regexp"
	"runtime"
	"slices"
	"strings"
)

//go:embed files
var files embed.FS

// Platform is where a course is graded.
type Platform struct {
	Name string
	Put  string // where its file belongs
	file string
}

// Bundle is the platform that takes a bundle of several files.
const Bundle = "gradescope"

// Platforms are all, by their names.
var Platforms = []Platform{
	{"container", "Containerfile", "Containerfile"},
	{"github", ".github/workflows/grade.yml", "github.yml"},
	{"github-class", ".github/workflows/class.yml", "github-class.yml"},
	{"gitlab", ".gitlab-ci.yml", "gitlab.yml"},
	{"gitlab-class", ".gitlab-ci.yml", "gitlab-class.yml"},
	{Bundle, "autograder.zip", ""},
	{"kubernetes", "job.yml", "kubernetes.yml"},
}

// Find looks a platform up by its name.
func Find(name string) (Platform, bool) {
	i := slices.IndexFunc(Platforms, func(p Platform) bool { return p.Name == name })
	if i < 0 {
		return Platform{}, false
	}
	return Platforms[i], true
}

// All are the platforms' names.
func All() (names []string) {
	for _, p := range Platforms {
		names = append(names, p.Name)
	}
	return names
}

// Names are they in a line.
func Names() string { return strings.Join(All(), ", ") }

// Values are filled into the files.
type Values struct {
	Kit    string // the address of the kit's repository
	Ref    string // the commit that grades
	Course string // the course file, by its path in that repository; "" without one
	Go     string // "1.26.8"
}

// unfilled stand where a value is not known.
const (
	NoKit = "https://github.com/OWNER/forklings"
	NoRef = "COMMIT"
)

// Check refuses what would mean something else to the file that it is filled into.
func (v Values) Check() error {
	for _, x := range []struct{ name, value, form string }{
		{"repository", v.Kit, `^https://[A-Za-z0-9._~:/@%+-]+$`},
		{"ref", v.Ref, `^[A-Za-z0-9][A-Za-z0-9._/-]*$`},
		{"course", v.Course, `^([A-Za-z0-9_][A-Za-z0-9._/-]*)?$`},
	} {
		if !regexp.MustCompile(x.form).MatchString(x.value) {
			return fmt.Errorf("-%s %q does not fit %s", x.name, x.value, x.form)
		}
	}
	return nil
}

// File is the platform's file with these values.
func (p Platform) File(v Values) ([]byte, error) { return fill(p.file, v) }

func fill(name string, v Values) ([]byte, error) {
	data, err := files.ReadFile("files/" + name)
	if err != nil {
		return nil, err
	}
	filled := strings.NewReplacer("@KIT@", v.Kit, "@REF@", v.Ref, "@COURSE@", v.Course, "@GO@", v.Go).Replace(string(data))
	return []byte(filled), nil
}

var release = regexp.MustCompile(`^go([0-9]+\.[0-9]+(\.[0-9]+)?)$`)

// Go is the release that has built the checker, or the one that go.mod asks for where that was no release.
func Go(asked string) string {
	if m := release.FindStringSubmatch(runtime.Version()); m != nil {
		return m[1]
	}
	return asked
}

var ssh = regexp.MustCompile(`^(?:ssh://)?git@([^:/]+)[:/](.+)$`)

// Address is the https form of a git remote; "" when it has none that another machine could use.
func Address(remote string) string {
	remote = strings.TrimSpace(remote)
	if m := ssh.FindStringSubmatch(remote); m != nil {
		remote = "https://" + m[1] + "/" + m[2]
	}
	if !strings.HasPrefix(remote, "https://") || (Values{Kit: remote, Ref: NoRef}).Check() != nil {
		return ""
	}
	return strings.TrimSuffix(remote, ".git")
}
