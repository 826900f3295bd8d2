package cli

import (
	"forklings/checker/format"
	"forklings/checker/lang"
)

// commands are all subcommands, "" among them.
func commands() map[string]command {
	return map[string]command{
		"":              {says: lang.Mark("where you are in the course, and the next exercise's verdict"), run: start, flags: watchFlags},
		"watch":         {args: "[EXERCISE]", says: lang.Mark("show where you are on a terminal, and grade what you save"), run: watchCommand, flags: watchFlags},
		"grade":         {args: "[EXERCISE...]", says: lang.Mark("grade exercises, all of them without a name"), run: gradeCommand, flags: gradeFlags},
		"class":         {args: "[DIR...]", says: lang.Mark("grade the submissions of a whole class, and go on where it was left"), run: classCommand, flags: classFlags},
		"merge-results": {args: "DATABASE...", says: lang.Mark("bring the results of a class's shards together"), run: mergeResults, flags: mergeResultsFlags},
		"list":          {args: "[WORD...]", says: lang.Mark("list the chapters and their exercises"), run: list, flags: listFlags},
		"course":        {args: "[FILE]", says: lang.Mark("check a course file, and show what each exercise counts by it; without, write an example"), run: courseCommand, flags: kitFlags},
		"ci":            {args: "[NAME]", says: lang.Mark("write what grades a course on a platform; without a name, list the platforms"), run: ciCommand, flags: ciFlags},
		"hint":          {args: "[EXERCISE]", says: lang.Mark("show the next hint for the mistake that was made"), run: hint, flags: hintFlags},
		"next":          {says: lang.Mark("name the next exercise, and what to read and to write"), run: next, flags: homeFlags},
		"merge":         {args: "EXERCISE", says: lang.Mark("bring a stub that a new kit has changed into your file; the file as it was is kept in a backup"), run: merge, flags: kitFlags},
		"run":           {args: "EXERCISE ROLE [ARG...]", says: lang.Mark("run the exercise's program by hand, and tell which points it comes to"), run: runCommand, flags: runFlags},
		"trace":         {args: "EXERCISE [SCENARIO] | -replay ORDER | -- PROGRAM [ARG...]", says: lang.Mark("show what the processes of an exercise's scenarios really do, or those of any program"), run: traceCommand, flags: traceFlags},
		"reset":         {args: "EXERCISE", says: lang.Mark("put the stub back; what you wrote is kept in a backup"), run: reset, flags: resetFlags},
		"solution":      {args: "EXERCISE", says: lang.Mark("show the solution, after a pass"), run: solution, flags: solutionFlags},
		"upgrade":       {says: lang.Mark("bring the kit up to date; what you wrote stays as it is"), run: upgradeCommand, flags: kitFlags},
		"summary":       {args: "[CHAPTER]", says: lang.Mark("tell what was learnt so far, and which mistakes were made on the way"), run: summary, flags: summaryFlags},
		"doctor":        {says: lang.Mark("what this machine allows, and what that means"), run: doctor, flags: kitFlags},
		"help":          {args: "[COMMAND]", says: lang.Mark("show what a command takes"), run: help, flags: langFlag},
		"completion":    {args: "SHELL", says: lang.Mark("write what completes the command's words in bash, zsh or fish"), run: completion, flags: kitFlags},
		"verify":        {args: "[EXERCISE...]", says: lang.Mark("check that every stub, solution, right and wrong attempt gets the verdict it should"), run: verifyCommand, flags: verifyFlags, author: true},
		"new":           {args: "NAME", says: lang.Mark("scaffold an exercise"), run: scaffoldCommand, flags: kitFlags, author: true},
		"generate":      {says: lang.Mark("write the files that are made from others, and the stubs' copies"), run: generateCommand, flags: generateFlags, author: true},
	}
}

func kitFlags(c *call) {
	c.StringVar(&c.opt.kit, "kit", "", c.lang.Text("`folder` of the kit, when not below it"))
	langFlag(c)
}

// langFlag is for commands that need no kit.
func langFlag(c *call) {
	c.StringVar(&c.opt.lang, "lang", "", c.lang.Text("`language`: en or zh; without, that of LC_ALL, LC_MESSAGES or LANG"))
}

func homeFlags(c *call) {
	kitFlags(c)
	sandboxFlags(c)
}

func listFlags(c *call) {
	kitFlags(c)
	c.StringVar(&c.opt.chapter, "chapter", "", c.lang.Text("only this `chapter`: its number, or a word of its title"))
	c.StringVar(&c.opt.state, "state", "", c.lang.Text("only exercises in this `state`: pass, fail, begun, todo or error; several with commas between"))
	c.BoolVar(&c.opt.python, "python", false, c.lang.Text("list the calls of Python's library, and the exercises about each"))
	c.StringVar(&c.opt.format, "format", "text", c.lang.Text("`form` of the list: text or json"))
}

func gradeFlags(c *call) {
	kitFlags(c)
	sandboxFlags(c)
	c.StringVar(&c.opt.attempt, "attempt", "", c.lang.Text("`folder` with the attempt: exercises/07-join/*.go, 07-join/*.go or join/*.go; the kit itself without"))
	c.StringVar(&c.opt.format, "format", "text", c.lang.Sprintf("`form` of the result: %s", format.Names(c.lang)))
	c.StringVar(&c.opt.out, "o", "", c.lang.Text("`file` for the result, written whole or not at all; json and gradescope anew after every exercise"))
	courseFlag(c)
	c.StringVar(&c.opt.require, "require-tier", "", c.lang.Text("the least `tier` to grade on: cgroups, namespaces, landlock, files, mounts or subreaper; with less, nothing is graded"))
	c.BoolVar(&c.opt.verbose, "v", false, c.lang.Text("show every failed scenario, not the first of each exercise only"))
	fullFlag(c)
	c.BoolVar(&c.opt.shared, "shared", false, c.lang.Text("share one build of the whole kit with other checkers, as go test does"))
	c.BoolVar(&c.opt.noTimeline, "no-timeline", false, c.lang.Text("do not play what failed once more under the tracer, to show what the processes did"))
	c.IntVar(&c.opt.jobs, "jobs", 0, c.lang.Text("scenarios at once, a `number`; without, twice as many as there are CPUs"))
}

func fullFlag(c *call) {
	c.BoolVar(&c.opt.full, "full", false, c.lang.Text("leave nothing out of a long timeline"))
}

func sandboxFlags(c *call) {
	c.StringVar(&c.opt.tier, "tier", "", c.lang.Text("`how` scenarios are walled in: namespaces or subreaper; without, the better that works"))
	c.BoolVar(&c.opt.noLandlock, "no-landlock", false, c.lang.Text("behave as a kernel without Landlock does"))
	c.BoolVar(&c.opt.noCgroups, "no-cgroups", false, c.lang.Text("behave as a machine that lets this user make no control groups"))
	c.BoolVar(&c.opt.noPtrace, "no-ptrace", false, c.lang.Text("behave as a machine that lets nobody trace: no timelines, and explored scenarios are skipped"))
}

func hintFlags(c *call) {
	kitFlags(c)
	sandboxFlags(c)
	c.IntVar(&c.opt.number, "n", 0, c.lang.Text("which hint, a `number` from 1 (a question) to 3 (nearly the code); without, the next that you have not seen"))
	c.BoolVar(&c.opt.all, "all", false, c.lang.Text("all three"))
}

func runFlags(c *call) {
	kitFlags(c)
	c.BoolVar(&c.opt.step, "step", false, c.lang.Text("hold every process at every point until Enter is pressed"))
}

func traceFlags(c *call) {
	kitFlags(c)
	sandboxFlags(c)
	c.StringVar(&c.opt.attempt, "attempt", "", c.lang.Text("`folder` with the attempt; the kit itself without"))
	c.StringVar(&c.opt.out, "o", "", c.lang.Text("`file` for the timelines, written whole or not at all: a page when it ends in .html"))
	fullFlag(c)
	c.StringVar(&c.opt.replay, "replay", "", c.lang.Text("the `order` that a verdict of an explored scenario names: play it again"))
}

func summaryFlags(c *call) {
	kitFlags(c)
	sandboxFlags(c)
	c.StringVar(&c.opt.out, "o", "", c.lang.Text("`file` for the summary, written whole or not at all: a page with timelines when it ends in .html"))
}

func resetFlags(c *call) {
	kitFlags(c)
	c.BoolVar(&c.opt.yes, "yes", false, c.lang.Text("do not ask"))
}

func solutionFlags(c *call) {
	kitFlags(c)
	sandboxFlags(c)
	c.BoolVar(&c.opt.diff, "diff", false, c.lang.Text("show how it differs from what you wrote"))
	c.BoolVar(&c.opt.giveUp, "give-up", false, c.lang.Text("show it without a pass"))
}

func verifyFlags(c *call) {
	kitFlags(c)
	sandboxFlags(c)
	c.Lookup("tier").Usage += c.lang.Text("; all for each that this machine has; spread for each, but of the attempts each in one of them only")
	c.BoolVar(&c.opt.first, "first", false, c.lang.Text("of the wrong attempts of one mistake, only the first"))
	c.IntVar(&c.opt.repeat, "repeat", 1, c.lang.Text("play everything a `number` of times"))
	c.IntVar(&c.opt.load, "load", 0, c.lang.Text("beside a `number` of busy processes"))
	c.IntVar(&c.opt.jobs, "jobs", 0, c.lang.Text("scenarios at once, a `number`"))
	c.DurationVar(&c.opt.limit, "for", 0, c.lang.Text("begin no further repeat after this `time`, such as 10m"))
	c.StringVar(&c.opt.only, "only", "", c.lang.Text("only attempts whose name holds this `text`, such as wrong/polls"))
	c.BoolVar(&c.opt.verbose, "v", false, c.lang.Text("show every verdict"))
}

func generateFlags(c *call) {
	kitFlags(c)
	c.BoolVar(&c.opt.check, "check", false, c.lang.Text("write nothing; fail when something is not fresh"))
}
