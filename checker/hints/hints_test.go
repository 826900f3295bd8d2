package hints

import (
	"testing"

	"github.com/stretchr/testify/require"
)

const good = `# Hints

## start

1. What must be true
   when Join returns?
2. See waitpid(2).

   A zombie is a child nobody waited for.
3. Nearly:

       _, err := p.cmd.Wait()
       return err

## returns-early

1. a
2. b
3. c
`

func TestTiersKeepTheirLinesAndCode(t *testing.T) {
	h, err := Parse([]byte(good))
	require.NoError(t, err)
	require.Equal(t, []string{
		"What must be true\nwhen Join returns?",
		"See waitpid(2).\n\nA zombie is a child nobody waited for.",
		"Nearly:\n\n    _, err := p.cmd.Wait()\n    return err",
	}, h.Tiers(Start))
	require.Equal(t, []string{"a", "b", "c"}, h.Tiers("returns-early"))
}

func TestMistakesComeInTheFilesOrderWithoutStart(t *testing.T) {
	h, err := Parse([]byte("# Hints\n## z-last\n1. a\n2. b\n3. c\n## start\n1. a\n2. b\n3. c\n## a-first\n1. a\n2. b\n3. c\n"))
	require.NoError(t, err)
	require.Equal(t, []string{"z-last", "a-first"}, h.Mistakes())
}

func TestUnknownMistakeHasNoTiers(t *testing.T) {
	h, err := Parse([]byte(good))
	require.NoError(t, err)
	require.Empty(t, h.Tiers("nosuch"))
	require.Empty(t, Hints{}.Tiers(Start))
}

func TestWindowsLineEndsMakeNoDifference(t *testing.T) {
	unix, err := Parse([]byte("# Hints\n## start\n1. a\n   more\n2. b\n3. c\n"))
	require.NoError(t, err)
	windows, err := Parse([]byte("\ufeff# Hints\r\n## start\r\n1. a\r\n   more\r\n2. b\r\n3. c\r\n"))
	require.NoError(t, err)
	require.Equal(t, unix, windows)
}

func TestErrorsNameTheLine(t *testing.T) {
	for name, c := range map[string]struct{ text, want string }{
		"empty":            {"", `line 1: the file is empty; it begins with "# Hints"`},
		"no title":         {"## start\n", `line 1: a section before the title; the file begins with "# Hints"`},
		"text first":       {"Hello\n# Hints\n", `line 1: text before the title; the file begins with "# Hints"`},
		"two tiers":        {"# Hints\n\n## start\n1. a\n2. b\n", `line 3: section "start" has 2 tiers; it needs exactly 3`},
		"four tiers":       {"# Hints\n## start\n1. a\n2. b\n3. c\n4. d\n", `line 2: section "start" has 4 tiers; it needs exactly 3`},
		"wrong number":     {"# Hints\n## start\n1. a\n3. b\n", `line 4: tier 3 of section "start" where 2 is due`},
		"empty tier":       {"# Hints\n## start\n1. a\n2.\n3. c\n", `line 2: tier 2 of section "start" is empty`},
		"twice":            {"# Hints\n## start\n1. a\n2. b\n3. c\n## start\n", `line 6: a second section "start"`},
		"outside":          {"# Hints\nHello\n", `line 2: text outside a tier`},
		"before the list":  {"# Hints\n## start\nHello\n", `line 3: text outside a tier`},
		"not indented":     {"# Hints\n## start\n1. a\n\nHello\n", `line 5: text outside a tier; indent it by three spaces if it belongs to the tier above`},
		"second title":     {"# Hints\n## start\n1. a\n# Hints\n", `line 4: text outside a tier; indent it by three spaces if it belongs to the tier above`},
		"not a name":       {"# Hints\n## Returns early\n", `line 2: "Returns early" is not the name of a mistake: small letters, digits and hyphens`},
		"no start":         {"# Hints\n## polls\n1. a\n2. b\n3. c", `line 5: no section "## start"`},
		"list, no section": {"# Hints\n1. a\n", `line 2: text outside a tier`},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := Parse([]byte(c.text))
			require.EqualError(t, err, c.want)
		})
	}
}
