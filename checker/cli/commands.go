package cli

import (
	"context"
	"flag"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// commands are all subcommands, "" among them.
func commands() map[string]command {
	return map[string]command{
		"": {says: "where you are in the course, and the next exercise's verdict", run: home, flags: homeFlags,
			example: "checker"},
		"grade": {args: "[EXERCISE...]", says: "grade exercises, all of them without a name", run: gradeCommand, flags: gradeFlags,
			example: "checker grade join\nchecker grade -attempt ~/handed-in -format json -o result.json"},
		"list": {says: "list the exercises", run: list, flags: kitFlags,
			example: "checker list"},
		"hint": {args: "[EXERCISE]", says: "show the next hint for the mistake that was made", run: hint, flags: hintFlags,
			example: "checker hint join\nchecker hint -n 2 join"},
		"next": {says: "name the next exercise, and what to read and to write", run: next, flags: homeFlags,
			example: "checker next"},
		"merge": {args: "EXERCISE", says: "bring a stub that a new kit has changed into your file; the file as it was is kept in a backup", run: merge, flags: kitFlags,
			example: "checker merge join"},
		"run": {args: "EXERCISE ROLE [ARG...]", says: "run the exercise's program by hand, and tell which points it comes to", run: runCommand, flags: runFlags,
			example: "checker run -step join join-once"},
		"trace": {args: "EXERCISE [SCENARIO] | -replay ORDER | -- PROGRAM [ARG...]", says: "show what the processes of an exercise's scenarios really do, or those of any program", run: traceCommand, flags: traceFlags,
			example: "checker trace join after-end\nchecker trace -o join.html join\nchecker trace -- sh -c 'sleep 1 & wait'"},
		"reset": {args: "EXERCISE", says: "put the stub back; what you wrote is kept in a backup", run: reset, flags: resetFlags,
			example: "checker reset join"},
		"solution": {args: "EXERCISE", says: "show the solution, after a pass", run: solution, flags: solutionFlags,
			example: "checker solution join\nchecker solution -diff join"},
		"upgrade": {says: "bring the kit up to date; what you wrote stays as it is", run: upgradeCommand, flags: kitFlags,
			example: "checker upgrade"},
		"summary": {args: "[CHAPTER]", says: "tell what was learnt so far, and which mistakes were made on the way", run: summary, flags: summaryFlags,
			example: "checker summary\nchecker summary waiting\nchecker summary -o course.html"},
		"doctor": {says: "what this machine allows, and what that means", run: doctor, flags: kitFlags,
			example: "checker doctor"},
		"help": {args: "[COMMAND]", says: "show what a command takes", run: help,
			example: "checker help grade"},
		"verify": {args: "[EXERCISE...]", says: "check that every stub, solution, right and wrong attempt gets the verdict it should", run: verifyCommand, flags: verifyFlags, author: true,
			example: "checker verify -repeat 50 -load 4\nchecker verify -only wrong/polls -v join"},
		"new": {args: "NAME", says: "scaffold an exercise", run: scaffoldCommand, flags: kitFlags, author: true,
			example: "checker new shared-memory"},
		"generate": {says: "write the files that are made from others, and the stubs' copies", run: generateCommand, flags: generateFlags, author: true,
			example: "checker generate -check"},
	}
}

func kitFlags(c *call) {
	c.StringVar(&c.opt.kit, "kit", "", "`folder` of the kit, when not below it")
	c.StringVar(&c.opt.lang, "lang", "", "`language`: en or zh; without, that of LC_ALL, LC_MESSAGES or LANG")
}

func homeFlags(c *call) {
	kitFlags(c)
	sandboxFlags(c)
}

func gradeFlags(c *call) {
	kitFlags(c)
	sandboxFlags(c)
	c.StringVar(&c.opt.attempt, "attempt", "", "`folder` with the attempt: exercises/07-join/*.go, 07-join/*.go or join/*.go; the kit itself without")
	c.StringVar(&c.opt.format, "format", "text", "`form` of the result: text or json")
	c.StringVar(&c.opt.out, "o", "", "`file` for the result, written whole or not at all")
	c.BoolVar(&c.opt.verbose, "v", false, "show every failed scenario, not the first of each exercise only")
	fullFlag(c)
	c.BoolVar(&c.opt.shared, "shared", false, "share one build of the whole kit with other checkers, as go test does")
	c.BoolVar(&c.opt.noTimeline, "no-timeline", false, "do not play what failed once more under the tracer, to show what the processes did")
	c.IntVar(&c.opt.jobs, "jobs", 0, "scenarios at once, a `number`; without, twice as many as there are CPUs")
}

func fullFlag(c *call) {
	c.BoolVar(&c.opt.full, "full", false, "leave nothing out of a long timeline")
}

func sandboxFlags(c *call) {
	c.StringVar(&c.opt.tier, "tier", "", "`how` scenarios are walled in: namespaces or subreaper; without, the better that works")
	c.BoolVar(&c.opt.noLandlock, "no-landlock", false, "behave as a kernel without Landlock's signal scope does")
	c.BoolVar(&c.opt.noPtrace, "no-ptrace", false, "behave as a machine that lets nobody trace: no timelines, and explored scenarios are skipped")
}

func hintFlags(c *call) {
	kitFlags(c)
	sandboxFlags(c)
	c.IntVar(&c.opt.number, "n", 0, "which hint, a `number` from 1 (a question) to 3 (nearly the code); without, the next that you have not seen")
	c.BoolVar(&c.opt.all, "all", false, "all three")
}

func runFlags(c *call) {
	kitFlags(c)
	c.BoolVar(&c.opt.step, "step", false, "hold every process at every point until Enter is pressed")
}

func traceFlags(c *call) {
	kitFlags(c)
	sandboxFlags(c)
	c.StringVar(&c.opt.attempt, "attempt", "", "`folder` with the attempt; the kit itself without")
	c.StringVar(&c.opt.out, "o", "", "`file` for the timelines, written whole or not at all: a page when it ends in .html")
	fullFlag(c)
	c.StringVar(&c.opt.replay, "replay", "", "the `order` that a verdict of an explored scenario names: play it again")
}

func summaryFlags(c *call) {
	kitFlags(c)
	sandboxFlags(c)
	c.StringVar(&c.opt.out, "o", "", "`file` for the summary, written whole or not at all: a page with timelines when it ends in .html")
}

func resetFlags(c *call) {
	kitFlags(c)
	c.BoolVar(&c.opt.yes, "yes", false, "do not ask")
}

func solutionFlags(c *call) {
	kitFlags(c)
	sandboxFlags(c)
	c.BoolVar(&c.opt.diff, "diff", false, "show how it differs from what you wrote")
	c.BoolVar(&c.opt.giveUp, "give-up", false, "show it without a pass")
}

func verifyFlags(c *call) {
	kitFlags(c)
	sandboxFlags(c)
	c.Lookup("tier").Usage += "; all for each that this machine has; spread for each, but of the attempts each in one of them only"
	c.BoolVar(&c.opt.first, "first", false, "of the wrong attempts of one mistake, only the first")
	c.IntVar(&c.opt.repeat, "repeat", 1, "play everything a `number` of times")
	c.IntVar(&c.opt.load, "load", 0, "beside a `number` of busy processes")
	c.IntVar(&c.opt.jobs, "jobs", 0, "scenarios at once, a `number`")
	c.DurationVar(&c.opt.limit, "for", 0, "begin no further repeat after this `time`, such as 10m")
	c.StringVar(&c.opt.only, "only", "", "only attempts whose name holds this `text`, such as wrong/polls")
	c.BoolVar(&c.opt.verbose, "v", false, "show every verdict")
}

func generateFlags(c *call) {
	kitFlags(c)
	c.BoolVar(&c.opt.check, "check", false, "write nothing; fail when something is not fresh")
}

func help(_ context.Context, c *call) error {
	if len(c.args) > 1 {
		return usage("one command at a time: checker help %s", c.args[0])
	}
	if len(c.args) > 0 {
		cmd, ok := commands()[c.args[0]]
		if !ok {
			return usage("no command %q; `checker help` lists them", c.args[0])
		}
		sub := &call{Streams: c.Streams}
		sub.Init("", flag.ContinueOnError)
		if cmd.flags != nil {
			cmd.flags(sub)
		}
		sub.help(c.Out, c.args[0], cmd)
		return nil
	}
	c.printf("forklings: a course on processes, graded on real ones\n\nusage: go run ./cmd/checker [COMMAND]\n")
	for _, author := range []bool{false, true} {
		if author {
			c.printf("\nfor who writes exercises\n")
		} else {
			c.printf("\n")
		}
		for _, name := range slices.Sorted(maps.Keys(commands())) {
			if cmd := commands()[name]; cmd.author == author {
				if name == "" {
					name = "(none)"
				}
				c.printf("  %-10s %s\n", name, cmd.says)
			}
		}
	}
	return c.printf("\n`checker help COMMAND` shows its flags and an example. EXERCISE is a name, a folder\nor a number: join, 07-join, 7.\n" +
		"Exit status: 0 passed, 1 something did not pass, 2 called wrongly, 3 could not judge, 130 interrupted.\n" +
		"`go run` makes 1 of all but 0: who reads it builds the command first, go build -o bin/checker ./cmd/checker.\n")
}

func (c *call) help(w io.Writer, name string, cmd command) {
	words := []string{"checker", name, "[flags]", cmd.args}
	if cmd.flags == nil {
		words[2] = ""
	}
	fmt.Fprintf(w, "usage: %s\n\n%s.\n", strings.Join(strings.Fields(strings.Join(words, " ")), " "), upper(cmd.says))
	c.SetOutput(w)
	flags := 0
	c.VisitAll(func(*flag.Flag) { flags++ })
	if flags > 0 {
		fmt.Fprintln(w, "\nFlags:")
		c.PrintDefaults()
		c.SetOutput(io.Discard)
	}
	fmt.Fprintf(w, "\nFor example:\n  %s\n", strings.ReplaceAll(cmd.example, "\n", "\n  "))
}

func upper(s string) string { return strings.ToUpper(s[:1]) + s[1:] }
