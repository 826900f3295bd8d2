package script

import (
	"flag"
	"os"
	"testing"

	"forklings/checker/lang"

	"github.com/stretchr/testify/require"
)

const whole = `# Join comes back after the child has ended,
# and not before.

# The child is held.
start parent join-once 'two words' it''s
await child at held               else never-starts
release parent started
check parent before joined        else returns-early
signal child SIGKILL
busy child
await parent at joined or ended   else crashes-twice if ended else returns-error if child not gone else polls
`

func TestScriptIsParsedIntoItsCommands(t *testing.T) {
	s, err := Parse(whole)
	require.NoError(t, err)
	require.Equal(t, "Join comes back after the child has ended, and not before.", s.Titles[lang.English])
	require.Len(t, s.Commands, 7)
	require.Equal(t, 5, s.Commands[0].Number)
	last := s.Commands[6].Line
	require.Equal(t, "parent", last.Name)
	require.Equal(t, "parent is held at the point joined, or parent has ended", last.Expected(lang.English))
	require.Len(t, last.Elses, 3)
	require.Equal(t, "parent", last.Elses[0].Name)
	require.Equal(t, "child", last.Elses[1].Name)
	require.True(t, last.Elses[1].If.Not)
	require.Nil(t, last.Elses[2].If)
}

func TestPointsAreThoseThatAreWaitedForOrReleased(t *testing.T) {
	s, err := Parse(whole)
	require.NoError(t, err)
	require.Equal(t, map[string]bool{"child held": true, "parent started": true, "parent joined": true}, s.Points())
}

func TestMistakesAreListedOnceInOrder(t *testing.T) {
	s, err := Parse(whole + "check child gone else polls\n")
	require.NoError(t, err)
	require.Equal(t, []string{"never-starts", "returns-early", "crashes-twice", "returns-error", "polls"}, s.Mistakes())
}

func TestHoldKnowsItsCalls(t *testing.T) {
	_, err := Parse("# x\nhold child create\n")
	require.NoError(t, err)
	_, err = Parse("# x\nhold child fly\n")
	require.EqualError(t, err, `line 2: no call "fly"; there are create, open, lock, truncate`)
}

func TestNeedsNamesNoMistakeAndSaysWhy(t *testing.T) {
	s, err := Parse("# x\nneeds child says limit binds or ended else skip 'no limit' here\n")
	require.NoError(t, err)
	require.Len(t, s.Commands[0].Line.Facts, 2)
	require.Empty(t, s.Mistakes())
	_, why, err := ParseNeeds(s.Commands[0].Args)
	require.NoError(t, err)
	require.Equal(t, "no limit here", why)
}

func TestQuotesAreThoseOfTestscript(t *testing.T) {
	words, err := fields(`start parent 'two words' 'it''s' a'b c'd '' # a comment`)
	require.NoError(t, err)
	require.Equal(t, []string{"start", "parent", "two words", "it's", "ab cd", ""}, words)
}

func TestWhatCannotBeSaidIsRefusedWithItsLine(t *testing.T) {
	for text, want := range map[string]string{
		"":                                  "line 1: the first comment must say",
		"start a b":                         "line 1: the first comment must say",
		"# x":                               "does nothing",
		"# x\n\nsleep 1":                    `line 3: no verb "sleep"`,
		"# x\nstart a":                      "usage: start NAME ROLE [ARG...]",
		"# x\nrelease":                      "usage: release NAME [POINT]",
		"# x\nsignal a KILL":                `"KILL" is no signal`,
		"# x\nbusy":                         "usage: busy NAME",
		"# x\nawait a":                      "usage: NAME FACT",
		"# x\nawait a at":                   "usage: at POINT",
		"# x\nawait a at p":                 "no else",
		"# x\nawait a dreaming else x":      `no fact "dreaming"`,
		"# x\nawait a at p else":            "else without a mistake",
		"# x\nawait a at p else Bad":        "else without a mistake",
		"# x\nawait a at p else x y":        `"y" after the mistake`,
		"# x\nawait a at p else x if":       "a fact is missing",
		"# x\nawait a at p else x if gone":  "the last else",
		"# x\nawait a at p else x else y":   "the last else",
		"# x\nawait a polling else x":       "polling stands only behind",
		"# x\nawait a exited soon else x":   `"soon" is no number`,
		"# x\nawait a killed 9 else x":      `"9" is no signal`,
		"# x\nawait a asleep on x else x":   "usage: asleep [in CALL]",
		"# x\nneeds a says k v":             "usage: NAME FACT [or FACT]... else skip WHY",
		"# x\nneeds a says k v else x why":  "usage: NAME FACT [or FACT]... else skip WHY",
		"# x\nneeds a alive else skip why":  "alive may lapse",
		"# x\nneeds a dreams else skip why": `no fact "dreams"`,
		"# x\nawait a says k $X else x":     "$ is not expanded",
		"# x\nawait a says k 'v else x":     "a quote is not closed",
	} {
		_, err := Parse(text)
		require.ErrorContains(t, err, want, "%q", text)
	}
}

func TestEveryFactHasASentenceAndEveryVerbItsUsage(t *testing.T) {
	for name, w := range Facts {
		f := Fact{Verb: name}
		for range w.min {
			f.Args = append(f.Args, "1")
		}
		for _, l := range lang.All {
			for _, f.Not = range []bool{false, true} {
				require.NotContains(t, f.Sentence(l, "child"), "%!", name)
				require.Contains(t, f.Sentence(l, "child"), "child", name)
			}
		}
	}
	for name, v := range Verbs {
		require.NotEmpty(t, v.Says, name)
		require.NotEmpty(t, v.Args, name)
	}
}

func TestTheOppositeOfAFactLapses(t *testing.T) {
	require.False(t, Fact{Verb: "gone"}.Lapses())
	require.True(t, Fact{Verb: "gone", Not: true}.Lapses())
	require.True(t, Fact{Verb: "alive"}.Lapses())
}

func TestExpectsFindsWhatAScriptWants(t *testing.T) {
	s, err := Parse("# x\nawait child exited 2 else code-lost\n")
	require.NoError(t, err)
	require.True(t, s.Expects("child", "exited", "2"))
	require.False(t, s.Expects("parent", "exited", "2"))
}

var update = flag.Bool("update", false, "write REFERENCE.md anew")

func TestReferenceIsFresh(t *testing.T) {
	if *update {
		require.NoError(t, os.WriteFile("REFERENCE.md", []byte(Reference()), 0o644))
	}
	have, err := os.ReadFile("REFERENCE.md")
	require.NoError(t, err)
	require.Equal(t, Reference(), string(have), "run `go run ./cmd/checker generate`")
}
