package cli

import (
	"context"
	"embed"
	"flag"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"forklings/checker/ci"
	"forklings/checker/format"
	"forklings/checker/kit"
	"forklings/checker/sandbox"
	"forklings/checker/verify"
)

//go:embed completion
var completions embed.FS

var shells = []string{"bash", "zsh", "fish"}

// completion writes the shell's part, which calls the checker back with the words of the line behind --: it then answers
// with the words that may stand in the place of the last one.
func completion(_ context.Context, c *call) error {
	if c.words != nil {
		return c.candidates()
	}
	if len(c.args) != 1 || !slices.Contains(shells, c.args[0]) {
		return usage("name your shell: checker completion bash, zsh or fish")
	}
	text, err := completions.ReadFile("completion/" + c.args[0])
	if err != nil {
		return err
	}
	return c.printf("%s", text)
}

// Words that stand for the names of files and of folders, which the shell knows itself.
const (
	anyFile   = ":files"
	anyFolder = ":folders"
)

// candidate is a word, and what it is.
type candidate struct{ word, says string }

// candidates writes those that begin like the last word, one in a line, with a tab before what each one is.
func (c *call) candidates() error {
	last := c.words[len(c.words)-1]
	root := c.opt.kit
	if root == "" {
		root = "."
	}
	k := &kit.Kit{}
	if found, err := kit.Locate(root); err == nil { // outside of a kit there are commands and flags all the same
		if opened, err := kit.Open(found); err == nil {
			k = opened
		}
	}
	for _, w := range c.complete(k, c.words[:len(c.words)-1], last) {
		if strings.HasPrefix(w.word, last) || strings.HasPrefix(w.word, ":") {
			if err := c.printf("%s\n", strings.TrimRight(w.word+"\t"+w.says, "\t")); err != nil {
				return err
			}
		}
	}
	return nil
}

// complete tells what may stand behind these words; last is what has been written of it.
func (c *call) complete(k *kit.Kit, words []string, last string) (found []candidate) {
	name := ""
	if len(words) > 0 && !strings.HasPrefix(words[0], "-") {
		name, words = words[0], words[1:]
	} else if len(words) == 0 && !strings.HasPrefix(last, "-") {
		return c.commandNames()
	}
	cmd, ok := commands()[name]
	if !ok || slices.Contains(words, "--") {
		return []candidate{{anyFile, ""}}
	}
	sub := &call{lang: c.lang}
	sub.Init("", flag.ContinueOnError)
	sub.SetOutput(io.Discard)
	if cmd.flags != nil {
		cmd.flags(sub)
	}
	var arguments []string
	for i := 0; i < len(words); i++ {
		f := sub.Lookup(strings.TrimLeft(words[i], "-"))
		switch {
		case !strings.HasPrefix(words[i], "-"):
			arguments = append(arguments, words[i])
		case f == nil || boolean(f):
		case i == len(words)-1: // its value is being written
			return values(f.Name, name, k, c)
		default:
			i++
		}
	}
	if strings.HasPrefix(last, "-") {
		sub.VisitAll(func(f *flag.Flag) {
			_, says := flag.UnquoteUsage(f)
			found = append(found, candidate{"-" + f.Name, says})
		})
		return found
	}
	return c.arguments(k, name, arguments)
}

func boolean(f *flag.Flag) bool {
	b, ok := f.Value.(interface{ IsBoolFlag() bool })
	return ok && b.IsBoolFlag()
}

func (c *call) commandNames() (found []candidate) {
	for _, name := range slices.Sorted(maps.Keys(commands())) {
		if name != "" {
			found = append(found, candidate{name, c.lang.Say(commands()[name].says)})
		}
	}
	return found
}

// values are those of a flag.
func values(flagName, command string, k *kit.Kit, c *call) []candidate {
	switch flagName {
	case "kit", "attempt":
		return []candidate{{anyFolder, ""}}
	case "o", "db", "csv", "html", "course":
		return []candidate{{anyFile, ""}}
	case "exercises":
		return c.exerciseNames(k, nil)
	case "lang":
		return plainWords("en", "zh")
	case "format":
		if command == "grade" {
			var names []string
			for _, f := range format.All {
				names = append(names, f.Name)
			}
			return plainWords(names...)
		}
		return plainWords("text", "json")
	case "state":
		return plainWords(states...)
	case "tier":
		if command == "verify" {
			return plainWords("namespaces", "subreaper", "spread", "all")
		}
		return plainWords("namespaces", "subreaper")
	case "require-tier":
		return plainWords(sandbox.Levels...)
	case "chapter":
		var found []candidate
		chapters, _ := k.Chapters()
		for _, chapter := range chapters {
			found = append(found, candidate{strconv.Itoa(chapter.Number), chapter.Title.In(c.lang)})
		}
		return found
	}
	return nil
}

func plainWords(words ...string) (found []candidate) {
	for _, w := range words {
		found = append(found, candidate{word: w})
	}
	return found
}

// arguments are what may stand behind the arguments before it.
func (c *call) arguments(k *kit.Kit, name string, before []string) []candidate {
	switch {
	case name == "help" && len(before) == 0:
		return c.commandNames()
	case name == "completion" && len(before) == 0:
		return plainWords(shells...)
	case name == "class":
		return []candidate{{anyFolder, ""}}
	case name == "merge-results", name == "course" && len(before) == 0:
		return []candidate{{anyFile, ""}}
	case name == "ci" && len(before) == 0:
		return plainWords(ci.All()...)
	case name == "grade", name == "verify", len(before) == 0 && strings.Contains(commands()[name].args, "EXERCISE"):
		return c.exerciseNames(k, before)
	case len(before) != 1 || name != "trace" && name != "run":
		return nil
	}
	e, err := k.Find(before[0])
	if err != nil {
		return nil
	}
	var found []candidate
	if name == "run" {
		roles, _ := verify.Roles(e)
		for _, r := range roles {
			found = append(found, candidate{r.Name, strings.TrimSpace(strings.TrimPrefix(r.Usage, r.Name))})
		}
		return found
	}
	scenarios, _ := e.Scenarios()
	for _, s := range scenarios {
		found = append(found, candidate{s.Name, s.Titles.In(c.lang)})
	}
	return found
}

// exerciseNames are those that are not named yet.
func (c *call) exerciseNames(k *kit.Kit, before []string) (found []candidate) {
	for _, e := range k.Exercises {
		if !slices.Contains(before, e.Name) {
			about, _ := e.About(c.lang)
			found = append(found, candidate{e.Name, about})
		}
	}
	return found
}
