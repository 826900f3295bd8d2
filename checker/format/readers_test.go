package format

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"forklings/checker/result"

	gojunit "github.com/joshdk/go-junit"
	"github.com/santhosh-tekuri/jsonschema/v6"
	"github.com/stretchr/testify/require"
)

// tally is what a reader has understood.
type tally struct {
	passed, failed, skipped, errors int
	points, most                    float64
}

const unknown = -1 // the form does not tell

// reader understands a form as its consumer does; what is no such form fails the test.
var readers = map[string]func(t *testing.T, out []byte) tally{
	"text":         func(t *testing.T, out []byte) tally { return lastPoints(t, string(out)) },
	"json":         readJSON,
	"junit":        readJUnit,
	"junit-strict": readJUnit,
	"tap":          readTAP,
	"github":       readGitHub,
	"classroom":    readClassroom,
	"classroom50":  readClassroom50,
	"gradescope":   readGradescope,
	"exercism":     readExercism,
	"prairielearn": readPrairieLearn,
	"vpl":          readVPL,
	"autolab":      readAutolab,
}

func TestReadersUnderstandTheirForms(t *testing.T) {
	for _, f := range All {
		t.Run(f.Name, func(t *testing.T) {
			r := sample()
			want := tally{2, 4, 1, 0, 2, 6}
			switch f.Name {
			case "exercism":
				r, want = single(r, 0), tally{2, 1, 0, 0, unknown, unknown} // it knows no skipped test
			case "gradescope":
				want.points, want.most = 2.5, 7
			case "autolab":
				want.points = 2.5
			case "vpl":
				want.points, want.most = 6.67, 20
			}
			require.Equal(t, want, known(want, readers[f.Name](t, write(t, f.Name, r))))
		})
	}
}

// known is what both know.
func known(want, have tally) tally {
	for _, p := range []struct{ want, have *int }{{&want.passed, &have.passed}, {&want.failed, &have.failed}, {&want.skipped, &have.skipped}, {&want.errors, &have.errors}} {
		if *p.have == unknown {
			*p.have = *p.want
		}
	}
	if have.points == unknown {
		have.points = want.points
	}
	if have.most == unknown {
		have.most = want.most
	}
	return have
}

var pointsLine = regexp.MustCompile(`^(?:\x1b\[1m)?(\d+) of (\d+) points`)

func lastPoints(t *testing.T, text string) tally {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	found := pointsLine.FindStringSubmatch(lines[len(lines)-1])
	require.NotNil(t, found, lines[len(lines)-1])
	points, _ := strconv.ParseFloat(found[1], 64)
	most, _ := strconv.ParseFloat(found[2], 64)
	return tally{unknown, unknown, unknown, unknown, points, most}
}

func readJSON(t *testing.T, out []byte) tally {
	var r result.Result
	require.NoError(t, json.Unmarshal(out, &r))
	return tally{unknown, unknown, unknown, unknown, float64(r.Score), float64(r.MaxScore)}
}

func readJUnit(t *testing.T, out []byte) tally {
	suites, err := gojunit.Ingest(out)
	require.NoError(t, err)
	all := tally{points: unknown, most: unknown}
	names := map[string]bool{}
	for _, s := range suites {
		all.passed += s.Totals.Passed
		all.failed += s.Totals.Failed
		all.skipped += s.Totals.Skipped
		all.errors += s.Totals.Error
		for _, x := range s.Tests {
			require.False(t, names[x.Name], "GitLab drops a second %s", x.Name)
			names[x.Name] = true
		}
	}
	return all
}

// TestTheStrictFormIsValid checks it against the schema that Jenkins' xUnit plugin has.
func TestTheStrictFormIsValid(t *testing.T) {
	tool(t, "xmllint", "of package libxml2-utils")
	for _, r := range []*result.Result{sample(), spoiled(), nasty()} {
		file := filepath.Join(t.TempDir(), "junit.xml")
		require.NoError(t, os.WriteFile(file, write(t, "junit-strict", r), 0o644))
		out, err := exec.Command("xmllint", "--noout", "--huge", "--schema", "testdata/junit-10.xsd", file).CombinedOutput()
		require.NoError(t, err, "%s", out)
	}
}

// tool skips the test with a word where this machine lacks the consumer itself.
func tool(t *testing.T, name, which string) {
	if _, err := exec.LookPath(name); err != nil {
		t.Skipf("not checked: %s, %s, is not on this machine", name, which)
	}
}

func readTAP(t *testing.T, out []byte) tally {
	all := tally{points: unknown, most: unknown}
	lines := strings.Split(string(out), "\n")
	require.Equal(t, "TAP version 13", lines[0])
	n := 0
	block := false
	for _, line := range lines[2:] {
		if block {
			block = line != "  ..."
			continue
		}
		switch {
		case line == "  ---":
			block = true
		case strings.HasPrefix(line, "ok "), strings.HasPrefix(line, "not ok "):
			n++
			switch {
			case strings.Contains(line, " # SKIP "):
				all.skipped++
			case line[0] == 'o':
				all.passed++
			default:
				all.failed++ // faults too
			}
		default:
			require.True(t, line == "" || strings.HasPrefix(line, "# "), "%q", line)
		}
	}
	require.Equal(t, fmt.Sprintf("1..%d", n), lines[1])
	return all
}

func TestProveReadsTheForm(t *testing.T) {
	tool(t, "prove", "of Perl")
	for _, r := range []*result.Result{sample(), nasty()} {
		file := filepath.Join(t.TempDir(), "tap")
		out := write(t, "tap", r)
		require.NoError(t, os.WriteFile(file, out, 0o644))
		want := readTAP(t, out)
		said, _ := exec.Command("prove", "--exec", "cat", file).CombinedOutput()
		require.Contains(t, string(said), fmt.Sprintf("Tests: %d Failed: %d)", want.passed+want.failed+want.skipped, want.failed))
		require.NotContains(t, string(said), "Parse errors")
		require.Contains(t, string(said), fmt.Sprintf("%d skipped", want.skipped))
	}
}

func TestTapParserReadsTheForm(t *testing.T) {
	tool(t, "tap-parser", "of npm")
	for _, r := range []*result.Result{sample(), nasty()} {
		want := readTAP(t, write(t, "tap", r))
		c := exec.Command("tap-parser", "-j", "--strict")
		c.Stdin = bytes.NewReader(write(t, "tap", r))
		said, _ := c.Output()
		var events [][]json.RawMessage
		require.NoError(t, json.Unmarshal(said, &events))
		for _, event := range events {
			if string(event[0]) != `"complete"` {
				require.NotEqual(t, `"extra"`, string(event[0]), "%s", event)
				continue
			}
			var have struct {
				Count, Pass, Fail, Skip, Todo int
				Failures                      []struct{ TapError string }
			}
			require.NoError(t, json.Unmarshal(event[1], &have))
			require.Equal(t, []int{want.passed + want.failed + want.skipped, want.passed + want.skipped, want.failed, want.skipped, 0},
				[]int{have.Count, have.Pass, have.Fail, have.Skip, have.Todo})
			for _, f := range have.Failures {
				require.Empty(t, f.TapError)
			}
			want.errors = unknown // it was heard
		}
		require.Equal(t, unknown, want.errors, "no end")
	}
}

// obeyed are the commands that GitHub's runner finds in a log.
func obeyed(out string) (commands []string) {
	stopped := ""
	for line := range strings.SplitSeq(out, "\n") {
		if strings.Contains(line, "##[") {
			commands = append(commands, line)
		}
		line = strings.TrimSpace(line)
		end := -1
		if strings.HasPrefix(line, "::") {
			end = strings.Index(line[2:], "::")
		}
		if end < 0 {
			continue
		}
		name, _, _ := strings.Cut(line[2:2+end], " ")
		switch {
		case stopped != "" && name == stopped:
			stopped = ""
		case stopped != "":
			commands = append(commands, "stopped: "+line)
		case name == "stop-commands":
			stopped = line[4+end:]
		default:
			commands = append(commands, line)
		}
	}
	return commands
}

var annotated = regexp.MustCompile(`^::(error|warning|notice) (?:[A-Za-z]+=[^:,]*,)*[A-Za-z]+=[^:,]*::`)

func readGitHub(t *testing.T, out []byte) tally {
	count := map[string]int{}
	var notice string
	for _, line := range obeyed(string(out)) {
		found := annotated.FindStringSubmatch(line)
		require.NotNil(t, found, "%.200q", line)
		count[found[1]]++
		require.LessOrEqual(t, utf8.RuneCountInString(line[len(found[0]):]), 4096*3)
		notice = line[len(found[0]):]
	}
	require.LessOrEqual(t, max(count["error"], count["warning"]), 10)
	require.Equal(t, 1, count["notice"])
	return lastPoints(t, notice)
}

func valid(t *testing.T, schema string, out []byte) {
	t.Helper()
	s, err := jsonschema.NewCompiler().Compile(filepath.Join("testdata", schema))
	require.NoError(t, err)
	instance, err := jsonschema.UnmarshalJSON(bytes.NewReader(out))
	require.NoError(t, err)
	require.NoError(t, s.Validate(instance))
}

func readClassroom(t *testing.T, out []byte) tally {
	require.Less(t, len(out), 128<<10, "an environment variable takes no more")
	data, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(string(out), "\n"))
	require.NoError(t, err)
	valid(t, "classroom.schema.json", data)
	var form classroomForm
	require.NoError(t, json.Unmarshal(data, &form))
	all := tally{most: form.MaxScore, skipped: unknown}
	for _, x := range form.Tests {
		all.points += x.Score
		all.count(x.Status, "pass", "fail")
	}
	all.passed -= strings.Count(string(data), `"message":"not played here`)
	return all
}

func (all *tally) count(status, passed, failed string) {
	switch status {
	case passed:
		all.passed++
	case failed:
		all.failed++
	default:
		all.errors++
	}
}

func readClassroom50(t *testing.T, out []byte) tally {
	valid(t, "classroom50-result-v1.schema.json", out)
	var form classroom50Form
	require.NoError(t, json.Unmarshal(out, &form))
	all := tally{unknown, unknown, unknown, unknown, 0, 0}
	for _, x := range form.Tests {
		all.points += float64(x.Score)
		all.most += float64(x.MaxScore)
	}
	require.Equal(t, []float64{all.points, all.most}, []float64{float64(form.Score), float64(form.MaxScore)})
	return all
}

func readGradescope(t *testing.T, out []byte) tally {
	valid(t, "gradescope.schema.json", out)
	var form gradescopeForm
	require.NoError(t, json.Unmarshal(out, &form))
	all := tally{errors: unknown}
	for _, x := range form.Tests {
		all.points += x.Score
		all.most += x.MaxScore
		switch x.Status {
		case "passed":
			all.passed++
		case "failed":
			all.failed++
		default:
			all.skipped++
		}
	}
	return all
}

func readExercism(t *testing.T, out []byte) tally {
	valid(t, "exercism.schema.json", out)
	var form exercismForm
	require.NoError(t, json.Unmarshal(out, &form))
	all := tally{skipped: unknown, points: unknown, most: unknown}
	for _, x := range form.Tests {
		all.count(x.Status, "pass", "fail")
	}
	return all
}

func readPrairieLearn(t *testing.T, out []byte) tally {
	require.Less(t, len(out), 1_000_000)
	valid(t, "prairielearn.schema.json", out)
	var form prairieForm
	require.NoError(t, json.Unmarshal(out, &form))
	all := tally{unknown, unknown, unknown, unknown, 0, 0}
	for _, x := range form.Tests {
		all.points += x.Points
		all.most += x.MaxPoints
	}
	require.InDelta(t, all.points/all.most, form.Score, 1e-5)
	return all
}

// readVPL reads as VPL does (vpl_submission.class.php): a grade where a line begins with its tag, of which the last one counts;
// the comment in the block. Older ones look for the tag anywhere.
func readVPL(t *testing.T, out []byte) tally {
	require.Equal(t, 1, strings.Count(string(out), "Grade :=>>"))
	require.NotContains(t, string(out), "Comment :=>>")
	all := tally{errors: unknown, most: 20}
	inside := false
	for line := range strings.SplitSeq(string(out), "\n") {
		switch trimmed := strings.TrimSpace(line); {
		case trimmed == "<|--":
			require.False(t, inside)
			inside = true
		case trimmed == "--|>":
			require.True(t, inside)
			inside = false
		case strings.HasPrefix(line, "Grade :=>>"):
			require.False(t, inside)
			all.points, _ = strconv.ParseFloat(strings.TrimSpace(line[len("Grade :=>>"):]), 64)
		case inside && line[0] == '-':
			require.False(t, strings.HasSuffix(line, ")"), "%q: that would be points to take off", line)
			switch {
			case !strings.Contains(line, "/"): // the sum
			case strings.Fields(line)[1] == "pass":
				all.passed++
			case strings.Fields(line)[1] == "skip:":
				all.skipped++
			default:
				all.failed++
			}
		case inside:
			require.Equal(t, byte('>'), line[0], "%q", line)
		default:
			require.Empty(t, line)
		}
	}
	return all
}

// readAutolab reads as Autolab does (assessment_autograde_core.rb): the last line, in which it quotes what looks like an unquoted key.
func readAutolab(t *testing.T, out []byte) tally {
	require.True(t, utf8.Valid(out))
	lines := strings.Split(strings.TrimRight(string(out), " \n"), "\n")
	last := regexp.MustCompile(`([a-zA-Z0-9]+):`).ReplaceAllString(lines[len(lines)-1], `"$1":`)
	var form struct{ Scores map[string]float64 }
	require.NoError(t, json.Unmarshal([]byte(last), &form))
	all := tally{unknown, unknown, unknown, unknown, 0, unknown}
	for _, points := range form.Scores {
		all.points += points
	}
	return all
}
