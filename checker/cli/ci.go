package cli

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"forklings/checker/ci"
	"forklings/checker/kit"
	"forklings/checker/syllabus"
)

func ciFlags(c *call) {
	kitFlags(c)
	c.StringVar(&c.opt.out, "o", "", c.lang.Text("`file` to write, whole or not at all"))
	c.StringVar(&c.opt.course, "course", "", c.lang.Text("course `file`, below the kit's folder; of gradescope, anywhere"))
	c.StringVar(&c.opt.repository, "repository", "", c.lang.Text("`address` of the kit's repository; without, that of the clone's origin"))
	c.StringVar(&c.opt.ref, "ref", "", c.lang.Text("`commit` of the kit that grades; without, the clone's own"))
}

func ciCommand(ctx context.Context, c *call) error {
	if len(c.args) == 0 {
		return c.platforms()
	}
	if len(c.args) > 1 {
		return usage("one platform at a time")
	}
	p, ok := ci.Find(c.args[0])
	if !ok {
		return usage("no platform %q; there are %s", c.args[0], ci.Names())
	}
	k, err := c.openKit()
	if err != nil {
		return err
	}
	course, err := c.courseData(k)
	if err != nil {
		return err
	}
	v, err := c.values(ctx, k, p.Name == ci.Bundle)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	switch {
	case p.Name != ci.Bundle:
		data, err := p.File(v)
		if err != nil {
			return err
		}
		b.Write(data)
	case c.opt.out == "":
		return usage("%s is a bundle: name its file, -o autograder.zip", p.Name)
	default:
		if err := ci.Write(&b, k, course, v); err != nil {
			return err
		}
	}
	if c.opt.out == "" {
		return c.printf("%s", b.Bytes())
	}
	if err := writable(c.opt.out); err != nil {
		return status{CannotJudge, c.lang.Error(err)}
	}
	return writeWhole(c.opt.out, b.Bytes())
}

// courseData is the course file that was named, after it was checked.
func (c *call) courseData(k *kit.Kit) ([]byte, error) {
	if !c.isSet("course") {
		return nil, nil
	}
	if _, err := syllabus.Read(k, c.opt.course, c.lang); err != nil {
		return nil, status{Usage, err.Error()}
	}
	return os.ReadFile(c.opt.course)
}

// values are what was given, and what the clone says of itself.
func (c *call) values(ctx context.Context, k *kit.Kit, bundle bool) (v ci.Values, err error) {
	git := func(args ...string) string {
		out, err := exec.CommandContext(ctx, "git", append([]string{"-C", k.Root}, args...)...).Output()
		if err != nil { // no git, or no clone
			return ""
		}
		return strings.TrimSpace(string(out))
	}
	v = ci.Values{Kit: c.opt.repository, Ref: c.opt.ref, Go: ci.Go("1.25.0")}
	if v.Kit == "" {
		v.Kit = or(ci.Address(git("config", "--get", "remote.origin.url")), ci.NoKit)
	}
	if v.Ref == "" {
		v.Ref = or(git("rev-parse", "HEAD"), ci.NoRef)
	}
	if c.isSet("course") && !bundle {
		abs, err := filepath.Abs(c.opt.course)
		if err != nil {
			return v, err
		}
		if v.Course, err = filepath.Rel(k.Root, abs); err != nil || !filepath.IsLocal(v.Course) {
			return v, usage("-course %s: it has to be below the kit's folder, so that it is in the repository that grades", c.opt.course)
		}
		v.Course = filepath.ToSlash(v.Course)
	}
	if err := v.Check(); err != nil {
		return v, usage("%v", err)
	}
	if !bundle && (v.Kit == ci.NoKit || v.Ref == ci.NoRef) {
		fmt.Fprintln(c.Err, "checker:", c.lang.Sprintf("this clone has no address that others can use: fill in %s and %s, or give -repository and -ref", ci.NoKit, ci.NoRef))
	}
	return v, nil
}

// platforms lists them.
func (c *call) platforms() error {
	says := map[string]string{
		"container":    c.lang.Text("an image that grades without a network"),
		"github":       c.lang.Text("GitHub Actions, in each learner's repository: annotations and a summary with timelines"),
		"github-class": c.lang.Text("GitHub Actions, in yours: the whole class, in parts, and one report"),
		"gitlab":       c.lang.Text("GitLab CI, in each learner's project: a JUnit report"),
		"gitlab-class": c.lang.Text("GitLab CI, in yours: the whole class, in parallel, and one report"),
		"gradescope":   c.lang.Text("Gradescope: the bundle with setup.sh, run_autograder and the kit"),
		"kubernetes":   c.lang.Text("Kubernetes: the whole class, as an indexed Job"),
	}
	for _, p := range ci.Platforms {
		c.printf("%-13s %-28s %s\n", p.Name, p.Put, says[p.Name])
	}
	return c.printf("\n%s\n", c.lang.Text("`checker ci NAME` writes it. checker/ci/TEACHING.md tells the rest, from nothing to a first graded submission."))
}
