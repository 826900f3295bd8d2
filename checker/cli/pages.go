package cli

import (
	"forklings/checker/kit"
	"forklings/checker/lang"
)

// page is what `checker help COMMAND` shows beside the flags.
type page struct {
	about       []lang.Words // paragraphs
	examples    []example
	ok, failed  lang.Words // exit statuses 0 and 1; a command without the second never has it
	files       []string   // keys of files
	environment []string   // keys of variables, beside always
	see         []string
}

// example is a command, and what comes of it.
type example struct {
	command string
	says    lang.Words
}

// always are the variables that every command heeds.
var always = []string{"LC_ALL, LC_MESSAGES, LANG", "NO_COLOR, TERM"}

const (
	attemptFiles   = "exercises/NN-name/*.go"
	stateFile      = ".forklings/state.json"
	stubFile       = "testdata/attempts/NAME/stub.go"
	solutionFiles  = "solutions/NAME/*.go"
	backupFiles    = "exercises/NN-name/_backup-N/*.txt"
	scenarioFiles  = "exercises/NN-name/testdata/*.txtar"
	hintFiles      = "exercises/NN-name/hints.md, hints.zh.md"
	chaptersFile   = kit.ChaptersFile
	programFile    = "exercises/NN-name/program/program.go"
	sampleFiles    = "testdata/attempts/NAME/right/*.go, wrong/*.go"
	generatedFiles = "README.md, README.zh.md, cmd/programs/programs.go, checker/script/REFERENCE.md"
	goVariables    = "PATH, GOPROXY, GOMODCACHE, GOCACHE, GOTOOLCHAIN"
	editorVariable = "VISUAL, EDITOR"
	tmpVariable    = "TMPDIR"
	handedFiles    = "DIR/LEARNER/exercises/NN-name/*.go, DIR/LEARNER.zip, DIR/LEARNER.tar.gz"
	databaseFile   = "class.db"
	shardVariables = "JOB_COMPLETION_INDEX, CI_NODE_INDEX, CI_NODE_TOTAL"
)

// files says what is in the files that pages name.
func files() map[string]lang.Words {
	return map[string]lang.Words{
		attemptFiles:   lang.Mark("what you write, in the folder of the exercise"),
		stateFile:      lang.Mark("what this clone remembers: verdicts by content, hints seen. It may be removed at any time; then everything is graded anew"),
		stubFile:       lang.Mark("the stub as it was shipped"),
		solutionFiles:  lang.Mark("the solution"),
		backupFiles:    lang.Mark("what stood in the exercise before a reset"),
		scenarioFiles:  lang.Mark("the scenarios: short, and meant to be read"),
		hintFiles:      lang.Mark("the hints, three tiers for every mistake"),
		programFile:    lang.Mark("the exercise's program, which calls your functions"),
		sampleFiles:    lang.Mark("right and wrong attempts, the evidence about the checker itself"),
		generatedFiles: lang.Mark("what is made from other files, in part or as a whole"),
		handedFiles:    lang.Mark("the submissions: each folder or archive in DIR, by the learner's name"),
		databaseFile:   lang.Mark("a class's verdicts, in SQLite; SQL can ask it anything"),
		chaptersFile:   lang.Mark("the chapters, and what each exercise is in Python"),
	}
}

// variables says what the variables of the environment do.
func variables() map[string]lang.Words {
	return map[string]lang.Words{
		editorVariable:              lang.Mark("the editor that o opens a file in; the first that is set"),
		tmpVariable:                 lang.Mark("the folder for what is built and played: programs must run from there (not noexec), and it needs some 100 MB. Without it, /tmp"),
		goVariables:                 lang.Mark("as for go(1): which Go builds, and where modules come from. GOFLAGS, GOWORK, GOOS and CGO_ENABLED have no effect on what is graded"),
		"LC_ALL, LC_MESSAGES, LANG": lang.Mark("the first that is set chooses the language: Chinese for zh_CN.UTF-8 and the like, else English. -lang goes before"),
		shardVariables:              lang.Mark("which part of a class this is, for -shard: of an indexed Job of Kubernetes (from 0), of a parallel job of GitLab (from 1)"),
		"NO_COLOR, TERM":            lang.Mark("no colours when NO_COLOR is set, or TERM is dumb, or the output is no terminal"),
	}
}

var (
	done        = lang.Mark("what was asked for was done")
	everything  = lang.Mark("everything passed")
	notPassed   = lang.Mark("something did not pass")
	gradedWhere = []string{attemptFiles, scenarioFiles, stateFile}
	building    = []string{tmpVariable, goVariables}
)

// pages are by command. The test wants one for each.
func pages() map[string]page {
	return map[string]page{
		"": {
			about: []lang.Words{
				lang.Mark("On a terminal this is watch: it shows the current exercise and grades it anew whenever you save. Elsewhere it shows how far you are, and the verdict of the first exercise that has not passed."),
				lang.Mark("Nothing is declared: what counts is what stands in your files. What was graded before and has not changed is not graded again."),
			},
			examples: []example{
				{"go run ./cmd/checker", lang.Mark("where you are, in a clone of the kit; `make` is the same")},
				{"go run ./cmd/checker | cat", lang.Mark("the same as plain lines")},
			},
			ok: lang.Mark("it was told, also when the exercise does not pass"), files: gradedWhere, environment: building,
			see: []string{"checker help list", "checker help grade", "checker help hint"},
		},
		"grade": {
			about: []lang.Words{
				lang.Mark("Builds the attempt over the pristine kit, plays every scenario on real processes, and says of each exercise: pass, fail, todo (the stub is untouched) or error (it does not compile, or could not be judged). The first failed scenario is shown in full: the mistake by its name, what was expected, what was seen, and a timeline of what the processes did."),
				lang.Mark("The verdict is made outside of the learner's processes; nothing that they print or exit with decides it."),
			},
			examples: []example{
				{"checker grade join", lang.Mark("one exercise; 7 and 07-join are the same one")},
				{"checker grade -v join zombie", lang.Mark("two exercises, every failed scenario in full")},
				{"checker grade -attempt ~/handed-in -format json -o result.json", lang.Mark("somebody else's files, as JSON, for a program to read")},
				{"checker grade -tier subreaper -no-ptrace join", lang.Mark("as a machine that allows little would judge")},
			},
			ok: everything, failed: notPassed, files: gradedWhere, environment: building,
			see: []string{"checker help hint", "checker help trace", "checker help doctor", "go test ./exercises/07-join"},
		},
		"list": {
			about: []lang.Words{
				lang.Mark("Lists the course by its chapters: number, name, state, what the exercise is about, and what it is in Python. A narrow terminal shows less. Nothing is graded: an exercise is pass or fail by what was found out about what stands in its file now, begun when nothing is known of that, todo while the stub is untouched, and error when it cannot be read or did not compile."),
				lang.Mark("WORD is searched in names, titles, chapters and Python's calls, in both languages; of several, all must be there."),
			},
			examples: []example{
				{"checker list", lang.Mark("all of it")},
				{"checker list zombie", lang.Mark("what is about zombies")},
				{"checker list exitcode", lang.Mark("which exercise stands behind p.exitcode")},
				{"checker list -state begun,fail,error", lang.Mark("what you have begun and not finished")},
				{"checker list -chapter locks", lang.Mark("a chapter, by a word of its title or its number")},
				{"checker list -python os.", lang.Mark("the functions of Python's os, and the exercises about each")},
				{"checker list -format json", lang.Mark("for a program to read")},
			},
			ok: lang.Mark("there was something to list"), failed: lang.Mark("nothing fits"), files: []string{attemptFiles, chaptersFile, stateFile},
			see: []string{"README.md", "checker help grade"},
		},
		"hint": {
			about: []lang.Words{
				lang.Mark("Hints belong to mistakes: the exercise is graded, and the hint is for the first mistake that was made. Each has three tiers: a question, the idea, and nearly the code; every call shows one more, and what was seen is remembered. Before anything was written there are hints for a start."),
			},
			examples: []example{
				{"checker hint", lang.Mark("for the first exercise that does not pass")},
				{"checker hint join", lang.Mark("for that one")},
				{"checker hint -all join", lang.Mark("all tiers at once")},
			},
			ok: done, failed: lang.Mark("there is none: it does not compile, and the compiler's words are shown"), files: []string{hintFiles, attemptFiles, stateFile}, environment: building,
			see: []string{"checker help grade", "checker help solution"},
		},
		"run": {
			about: []lang.Words{
				lang.Mark("Starts the exercise's program with your functions in it, in a role that its scenarios use, and tells which points its processes come to. Nothing is judged. The PIDs are those that ps shows in a second terminal. What the program leaves behind is ended."),
				lang.Mark("Without a role, the roles are named."),
			},
			examples: []example{
				{"checker run -step join join-once", lang.Mark("every process stops at every point, until Enter is pressed")},
				{"checker run zombie maker child 7", lang.Mark("a role with arguments of its own")},
			},
			ok: lang.Mark("the program exited with 0"), failed: lang.Mark("it does not compile, or cannot be started; any other status is the program's own"), files: []string{attemptFiles, programFile}, environment: building,
			see: []string{"checker help trace", "ps(1)", "proc(5)"},
		},
		"trace": {
			about: []lang.Words{
				lang.Mark("Plays the scenarios of an exercise under ptrace(2) and draws a timeline, with a column for each process: who started whom, who waited for whom, who was blocked in what, and how each one ended. Behind -- it may be any program."),
				lang.Mark("A verdict about an order that breaks names what plays it again: -replay with that text."),
			},
			examples: []example{
				{"checker trace join after-end", lang.Mark("one scenario")},
				{"checker trace -o join.html join", lang.Mark("all of them, as one page for the browser")},
				{"checker trace -- sh -c 'sleep 1 & wait'", lang.Mark("any program")},
			},
			ok: lang.Mark("the timelines were drawn"), failed: lang.Mark("something could not be played or traced, such as an attempt that does not compile"), files: []string{attemptFiles, scenarioFiles}, environment: building,
			see: []string{"checker help run", "ptrace(2)", "strace(1)"},
		},
		"reset": {
			about: []lang.Words{
				lang.Mark("Nothing is lost: what you wrote is moved to a folder beside it first, which neither Go nor git looks at. It asks before it does anything."),
			},
			examples: []example{
				{"checker reset join", lang.Mark("asks, and puts the stub back")},
				{"checker reset -yes join", lang.Mark("does not ask")},
			},
			ok: lang.Mark("the stub is there"), failed: lang.Mark("the answer was no; nothing was changed"), files: []string{attemptFiles, stubFile, backupFiles},
			see: []string{"checker help solution"},
		},
		"solution": {
			about: []lang.Words{
				lang.Mark("Shows one way to write it, once your own passes. With -give-up it is shown all the same; a hint may be enough."),
			},
			examples: []example{
				{"checker solution join", lang.Mark("after a pass")},
				{"checker solution -diff join", lang.Mark("how it differs from what you wrote")},
				{"checker solution -give-up join >/tmp/join.go", lang.Mark("without one, into a file")},
			},
			ok: done, failed: lang.Mark("your attempt does not pass yet"), files: []string{solutionFiles, attemptFiles, stateFile}, environment: building,
			see: []string{"checker help hint", "checker help reset"},
		},
		"class": {
			about: []lang.Words{
				lang.Mark("Grades a folder of submissions, each of them a folder or an archive (.zip, .tar.gz) with a learner's name, as `checker grade -attempt` reads them. Several attempts are built and played at once. Attempts with the same content are graded once."),
				lang.Mark("Every verdict is kept in a database as soon as it is there. The same command goes on after it was interrupted or killed, grades what was handed in since, and grades nothing twice; a new version of the kit or of Go grades anew. Without DIR nothing is graded, and the gradebook and the report are written from the database."),
				lang.Mark("A submission that cannot be read is told with its reason, has no points in the gradebook instead of 0, and spoils no other. Points are those of the course file; other points need no grading."),
			},
			examples: []example{
				{"checker class -csv grades.csv -html class.html handed-in", lang.Mark("a folder for each learner in handed-in: a gradebook, and a page for the browser")},
				{"checker class -course course.yml -csv grades.csv handed-in", lang.Mark("with the points of a course file")},
				{"checker class -course course.yml -csv grades.csv", lang.Mark("other points for what was graded: nothing is graded again")},
				{"checker class -shard 2/5 -db shard-2.db handed-in", lang.Mark("the second of five parts, on a machine of its own")},
			},
			ok: lang.Mark("every submission has its verdicts, or was told to be unreadable"), files: []string{handedFiles, databaseFile, scenarioFiles}, environment: append([]string{shardVariables}, building...),
			see: []string{"checker help merge-results", "checker help course", "checker help ci", "checker/ci/TEACHING.md"},
		},
		"merge-results": {
			about: []lang.Words{
				lang.Mark("Takes over what the databases of a class's shards hold, each whole or not at all; merging one again changes nothing. When two hold different submissions of one learner, nothing is merged, and the learners are named."),
			},
			examples: []example{
				{"checker merge-results -db class.db -csv grades.csv -html class.html shard-*.db", lang.Mark("one gradebook and one report of all parts")},
			},
			ok: done, files: []string{databaseFile}, see: []string{"checker help class", "checker help course"},
		},
		"course": {
			about: []lang.Words{
				lang.Mark("A course file says what a course counts: points and weights, what is required, what learners see, the tier and the version of the kit. Without a file, a whole example is written, with every key explained."),
				lang.Mark("With a file it is checked, all its errors are told with their lines, and what each exercise counts is shown."),
			},
			examples: []example{
				{"checker course > course.yml", lang.Mark("an example to begin with")},
				{"checker course course.yml", lang.Mark("checks it")},
				{"checker grade -course course.yml -attempt ~/handed-in", lang.Mark("grades by it")},
			},
			ok: done, failed: lang.Mark("the course file has errors"), files: []string{},
			see: []string{"checker help grade", "checker help ci"},
		},
		"ci": {
			about: []lang.Words{
				lang.Mark("Writes the file or the bundle with which a platform grades a course by this kit: GitHub Actions, GitLab CI, Gradescope, a container, Kubernetes. Without a name the platforms are listed. checker/ci/TEACHING.md leads from nothing to the first graded submission."),
			},
			examples: []example{
				{"checker ci github > .github/workflows/grade.yml", lang.Mark("a workflow for learners' repositories")},
				{"checker ci -course course.yml -o .github/workflows/class.yml github-class", lang.Mark("a whole class, in parts, and one report")},
				{"checker ci -course course.yml -o autograder.zip gradescope", lang.Mark("Gradescope's bundle, by a course file")},
			},
			ok: done, files: []string{},
			see: []string{"checker help course", "checker help grade", "checker help class", "checker/ci/TEACHING.md"},
		},
		"doctor": {
			about: []lang.Words{
				lang.Mark("Tries what grading needs, one thing after the other: the kit, the system, Go, the modules, places to write, namespaces, signals, timers, tracing. `ok` is as it should be, `--` is less than there could be and needs nothing done, `NO` keeps this machine from grading, and says what to do."),
			},
			examples: []example{
				{"checker doctor", lang.Mark("the first thing to run when something does not work; its output belongs in every report of a bug")},
				{"TMPDIR=$HOME/tmp checker doctor", lang.Mark("would another temporary folder do?")},
			},
			ok: lang.Mark("this machine can grade"), environment: building,
			see: []string{"checker help grade", "user_namespaces(7)", "ptrace(2)", ".devcontainer/devcontainer.json"},
		},
		"help": {
			about: []lang.Words{lang.Mark("Without a command, all of them are listed. -h behind any command shows the same page.")},
			examples: []example{
				{"checker help grade", lang.Mark("everything about grade")},
				{"checker help -lang zh list", lang.Mark("in Chinese")},
			},
			ok: done, see: []string{"README.md"},
		},
		"completion": {
			about: []lang.Words{
				lang.Mark("SHELL is bash, zsh or fish. The shell then completes commands, flags and their values, exercises, the scenarios of trace and the roles of run, for whatever file named checker is called, such as bin/checker. To have that file: go build -o bin/checker ./cmd/checker."),
			},
			examples: []example{
				{"source <(bin/checker completion bash)", lang.Mark("in bash; in ~/.bashrc for every time, with the file's whole path")},
				{"source <(bin/checker completion zsh)", lang.Mark("in zsh, after compinit")},
				{"bin/checker completion fish | source", lang.Mark("in fish")},
			},
			ok: done, see: []string{"bash(1)", "zshcompsys(1)", "fish(1)"},
		},
		"verify": {
			about: []lang.Words{
				lang.Mark("For every exercise: the stub is refused, the solution and every right attempt pass, every wrong one is refused under the mistake that its file is named after, every mistake has hints, both languages say the same, and what is generated is fresh."),
			},
			examples: []example{
				{"checker verify join", lang.Mark("one exercise")},
				{"checker verify -repeat 50 -load 4", lang.Mark("all of them, many times, beside busy processes")},
				{"checker verify -only wrong/polls -v join", lang.Mark("one attempt, with its verdict")},
			},
			ok: lang.Mark("no problem was found"), failed: lang.Mark("there are problems; each says what to do"), files: []string{sampleFiles, scenarioFiles, hintFiles, chaptersFile}, environment: building,
			see: []string{"checker/script/REFERENCE.md", "checker help new", "checker help generate"},
		},
		"new": {
			about: []lang.Words{lang.Mark("Writes the files of an exercise under the next number, and says what is missing in them. What exists is never overwritten.")},
			examples: []example{
				{"checker new shared-memory", lang.Mark("small letters and digits, words joined by hyphens")},
			},
			ok: lang.Mark("the files were written"), files: []string{chaptersFile, scenarioFiles},
			see: []string{"checker help verify", "checker/script/REFERENCE.md"},
		},
		"generate": {
			about: []lang.Words{lang.Mark("Writes the list of programs, the reference of the scenarios' language, the tables in the READMEs, and the kit's copies of the stubs.")},
			examples: []example{
				{"checker generate", lang.Mark("writes what is not fresh")},
				{"checker generate -check", lang.Mark("writes nothing, and fails when something is not fresh")},
			},
			ok: lang.Mark("everything is fresh"), failed: lang.Mark("with -check: something is not"), files: []string{generatedFiles, stubFile, chaptersFile},
			see: []string{"checker help verify"},
		},
		"watch": {
			about: []lang.Words{
				lang.Mark("Shows one exercise: its title, the verdict, the first failed scenario with what was expected, what was seen and the timeline, and how far you are. Whenever you save, it is graded anew; a newer save ends the grading of an older one. A pass stays on the screen until you go on."),
				lang.Mark("The keys are in the last line, and ? explains them. q quits, and nothing is left running. Without a terminal the same is written in plain lines."),
			},
			examples: []example{
				{"checker watch", lang.Mark("from the first exercise that has not passed; `checker` alone on a terminal is the same")},
				{"checker watch join", lang.Mark("from that one")},
				{"EDITOR='code -g' checker watch", lang.Mark("o opens the file in that editor, at the line in question")},
			},
			ok: done, files: gradedWhere, environment: append([]string{editorVariable}, building...),
			see: []string{"checker help list", "checker help hint", "inotify(7)"},
		},
		"next": {
			about: []lang.Words{
				lang.Mark("Names the first exercise that has not passed, with its README and the file to write. What was graded before is not graded again."),
			},
			examples: []example{
				{"checker next", lang.Mark("what to do now")},
			},
			ok: done, files: gradedWhere, environment: building,
			see: []string{"checker help list", "checker help hint"},
		},
		"merge": {
			about: []lang.Words{
				lang.Mark("When a new version of the kit has changed a stub that you have begun, the change is brought into your file, as git merge does it: what both have changed is marked for you to decide. The file as it was is moved to a backup first."),
			},
			examples: []example{
				{"checker merge join", lang.Mark("brings the new stub of join into your file")},
			},
			ok: done, failed: lang.Mark("both have changed the same lines: they are marked in the file"), files: []string{attemptFiles, stubFile, backupFiles, stateFile},
			see: []string{"checker help reset", "git-merge(1)"},
		},
		"upgrade": {
			about: []lang.Words{
				lang.Mark("Fetches the kit's newest version with git. What you wrote stays as it is; stubs that have changed are named."),
			},
			examples: []example{
				{"checker upgrade", lang.Mark("in a clone of the kit")},
			},
			ok: done, files: []string{attemptFiles, stubFile},
			see: []string{"checker help merge", "git-pull(1)"},
		},
		"summary": {
			about: []lang.Words{
				lang.Mark("Tells for every chapter, or for one, what was learnt, which exercises have passed, and which mistakes were made on the way. As a page it holds the timelines, too, and needs no other file."),
			},
			examples: []example{
				{"checker summary", lang.Mark("the whole course")},
				{"checker summary waiting", lang.Mark("one chapter, by a word of its title")},
				{"checker summary -o course.html", lang.Mark("as a page for the browser")},
			},
			ok: done, files: []string{stateFile, chaptersFile}, environment: building,
			see: []string{"checker help list"},
		},
	}
}
