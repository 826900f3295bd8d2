package syllabus

import (
	"errors"
	"fmt"
	"io"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"forklings/checker/kit"
	"forklings/checker/lang"

	"go.yaml.in/yaml/v3"
)

// mostBytes is far more than a course file needs.
const mostBytes = 1 << 20

// settings are what every level of the file can say; nil is what the level above says.
type settings struct {
	points                    *int
	graded, required, partial *bool
	show                      *Parts
}

// Read reads a course file. The error is everything that is wrong with it, a line each, in the language given: the file, the line,
// what is wrong there and what would be right.
func Read(k *kit.Kit, file string, l lang.Lang) (*Course, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, errors.New(l.Sprintf("no course file: %v", err))
	}
	defer f.Close()
	data, err := io.ReadAll(io.LimitReader(f, mostBytes+1))
	if err != nil {
		return nil, errors.New(l.Sprintf("no course file: %v", err))
	}
	if len(data) > mostBytes {
		return nil, errors.New(l.Sprintf("%s is no course file: it is larger than 1 MiB", file))
	}
	return Parse(k, file, data, l)
}

// Parse is Read of what stands in a file of this name.
func Parse(k *kit.Kit, file string, data []byte, l lang.Lang) (*Course, error) {
	c, err := Default(k)
	if err != nil {
		return nil, err
	}
	c.File = file
	chapters, err := k.Chapters()
	if err != nil {
		return nil, err
	}
	r := &reader{kit: k, chapters: chapters, file: file, lang: l}
	var document yaml.Node
	d := yaml.NewDecoder(strings.NewReader(string(data)))
	switch err := d.Decode(&document); {
	case errors.Is(err, io.EOF): // nothing is said
		return c, nil
	case err != nil:
		return nil, r.syntax(err)
	}
	if err := d.Decode(new(yaml.Node)); !errors.Is(err, io.EOF) {
		return nil, errors.New(l.Sprintf("%s: a course file is one document: take out the line --- and what is behind it", file))
	}
	if alias := find(&document, func(n *yaml.Node) bool { return n.Kind == yaml.AliasNode || n.Anchor != "" }); alias != nil {
		r.problem(alias, l.Text("anchors and aliases (& and *) are not read: write it out"))
		return nil, r.err()
	}
	r.course(c, document.Content[0])
	if err := r.err(); err != nil {
		return nil, err
	}
	return c, nil
}

var yamlLine = regexp.MustCompile(`(?s)^yaml: (?:line ([0-9]+): )?(.*)$`)

// syntax gives YAML's own complaint the form of ours.
func (r *reader) syntax(err error) error {
	line, said := 1, err.Error()
	if m := yamlLine.FindStringSubmatch(said); m != nil {
		said = m[2]
		if n, err := strconv.Atoi(m[1]); err == nil {
			line = n
		}
	}
	return fmt.Errorf("%s:%d: %s", r.file, line, r.lang.Sprintf("this is no YAML: %s", said))
}

// find is the first node, from the top, that is meant.
func find(n *yaml.Node, is func(*yaml.Node) bool) *yaml.Node {
	if is(n) {
		return n
	}
	for _, below := range n.Content {
		if found := find(below, is); found != nil {
			return found
		}
	}
	return nil
}

var version = regexp.MustCompile(`^[0-9a-f]{12}$`)

func (r *reader) course(c *Course, top *yaml.Node) {
	var language string
	levels := [3]map[string]settings{{}, {}, {}} // the defaults at "", by exercise what its chapter says, by exercise
	r.fields(top, r.lang.Text("the course"), map[string]func(*yaml.Node){
		"title": r.text(&c.Title),
		"language": func(n *yaml.Node) {
			r.text(&language)(n)
			l, ok := lang.Parse(language)
			if !ok {
				r.problem(n, r.lang.Sprintf("language: en or zh is wanted, not %s", shown(n)))
			}
			c.Language = l
		},
		"tier": func(n *yaml.Node) {
			if c.Tier = n.Value; n.Kind != yaml.ScalarNode || !slices.Contains(Tiers(), n.Value) {
				r.problem(n, r.lang.Sprintf("tier: no tier %s; there are %s", shown(n), strings.Join(Tiers(), ", ")))
			}
		},
		"kit": func(n *yaml.Node) {
			if c.Kit = n.Value; n.Kind != yaml.ScalarNode || !version.MatchString(n.Value) {
				r.problem(n, r.lang.Sprintf("kit: its version is wanted, 12 hexadecimal digits, as checker doctor tells it, not %s", shown(n)))
			}
		},
		"limits": func(n *yaml.Node) {
			r.fields(n, "limits", map[string]func(*yaml.Node){"build": r.duration(&c.Limits.Build), "exercise": r.duration(&c.Limits.Exercise)})
		},
		"defaults": func(n *yaml.Node) {
			var s settings
			r.fields(n, "defaults", r.settings(&s))
			levels[0][""] = s
		},
		"chapters": func(n *yaml.Node) {
			r.each(n, "chapters", func(key, value *yaml.Node) {
				var s settings
				r.fields(value, key.Value, r.settings(&s))
				chapter, ok := r.chapter(key)
				for _, t := range chapter.Topics {
					if _, twice := levels[1][t.Name]; twice && ok {
						r.problem(key, r.lang.Sprintf("%q is a chapter that stands here already: keep one", key.Value))
						return
					}
					levels[1][t.Name] = s
				}
			})
		},
		"exercises": func(n *yaml.Node) {
			r.each(n, "exercises", func(key, value *yaml.Node) {
				var s settings
				known := r.settings(&s)
				x := r.exercise(c, key)
				known["scenarios"] = func(n *yaml.Node) {
					if x != nil {
						r.scenarios(x, n)
					}
				}
				r.fields(value, key.Value, known)
				if x == nil {
					return
				}
				if _, twice := levels[2][x.Name]; twice {
					r.problem(key, r.lang.Sprintf("%q is an exercise that stands here already: keep one", key.Value))
				}
				levels[2][x.Name] = s
				if s.points != nil && *s.points > 0 && x.unweighed() {
					r.problem(key, r.lang.Sprintf("%s: every scenario has the weight 0, so that nobody can have its points: give one a weight", x.Name))
				}
			})
		},
	})
	for i := range c.Exercises {
		x := &c.Exercises[i]
		x.settle(levels[0][""], levels[1][x.Name], levels[2][x.Name])
	}
	if len(r.wrong) == 0 && c.MaxScore() == 0 {
		r.problem(top, r.lang.Text("nothing that counts has points: leave at least one exercise graded, required, and with points"))
	}
}

func (r *reader) settings(s *settings) map[string]func(*yaml.Node) {
	return map[string]func(*yaml.Node){
		"points": r.number(&s.points), "graded": r.yes(&s.graded), "required": r.yes(&s.required), "partial": r.yes(&s.partial), "show": r.parts(&s.show),
	}
}

// exercise finds the one that a key names, by name, folder or number; what merely begins so is asked back.
func (r *reader) exercise(c *Course, key *yaml.Node) *Exercise {
	e, err := r.kit.Find(key.Value)
	if err != nil {
		var names []string
		for _, e := range r.kit.Exercises {
			names = append(names, e.Name)
		}
		r.problem(key, r.lang.Sprintf("exercises: no exercise %q%s; checker list shows those there are", key.Value, r.meant(key.Value, names)))
		return nil
	}
	if n, number := strconv.Atoi(key.Value); key.Value != e.Name && key.Value != e.Folder && (number != nil || n != e.Number) {
		r.problem(key, r.lang.Sprintf("exercises: no exercise %q (did you mean %s?); checker list shows those there are", key.Value, e.Name))
		return nil
	}
	return c.exercise(e.Name)
}

// chapter finds the one that a key names, by number or title.
func (r *reader) chapter(key *yaml.Node) (kit.Chapter, bool) {
	var titles []string
	for _, c := range r.chapters {
		for _, l := range lang.All {
			if c.Number > 0 && (key.Value == strconv.Itoa(c.Number) || strings.EqualFold(key.Value, c.Title[l])) {
				return c, true
			}
		}
		if c.Number > 0 {
			titles = append(titles, c.Title.In(r.lang))
		}
	}
	r.problem(key, r.lang.Sprintf("chapters: no chapter %q%s; there are %s", key.Value, r.meant(key.Value, titles), strings.Join(titles, "; ")))
	return kit.Chapter{}, false
}

// scenarios reads weights, and what is shown, by scenario.
func (r *reader) scenarios(x *Exercise, n *yaml.Node) {
	var names []string
	for _, s := range x.Scenarios {
		names = append(names, s.Name)
	}
	r.each(n, "scenarios", func(key, value *yaml.Node) {
		var weight *int
		var show *Parts
		r.fields(value, key.Value, map[string]func(*yaml.Node){"weight": r.number(&weight), "show": r.parts(&show)})
		s := x.scenario(key.Value)
		if s == nil {
			r.problem(key, r.lang.Sprintf("%s: no scenario %q%s; there are %s", x.Name, key.Value, r.meant(key.Value, names), strings.Join(names, ", ")))
			return
		}
		if weight != nil {
			s.Weight = *weight
		}
		if show != nil {
			s.Show, s.shown = *show, true
		}
	})
}

// unweighed: no scenario has a weight.
func (x *Exercise) unweighed() bool {
	return !slices.ContainsFunc(x.Scenarios, func(s Scenario) bool { return s.Weight > 0 })
}

// settle takes what was said at each level, the most exact last.
func (x *Exercise) settle(levels ...settings) {
	x.Points = 0
	for _, s := range x.Scenarios {
		x.Points += s.Weight
	}
	for _, said := range levels {
		if !x.unweighed() {
			set(&x.Points, said.points)
		}
		set(&x.Graded, said.graded)
		set(&x.Required, said.required)
		set(&x.Partial, said.partial)
		for i := range x.Scenarios {
			if s := &x.Scenarios[i]; !s.shown {
				set(&s.Show, said.show)
			}
		}
	}
}

func set[T any](to *T, said *T) {
	if said != nil {
		*to = *said
	}
}
