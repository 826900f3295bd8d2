package arrange

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const usage = `
	none
	one STATUS
	two|deux PID [NAME...]
	way serial|threads N
	pairs FOLDER (FROM TO AMOUNT)...
	steps DURATION STEP...
	maybe [child] [STATUS]`

func TestArgumentsAreWhatTheUsageNames(t *testing.T) {
	for args, line := range map[string]string{
		"one 7":                       "one STATUS",
		"one -1":                      "one STATUS",
		"two 12":                      "two PID [NAME...]",
		"deux 12 a b":                 "deux PID [NAME...]",
		"way threads 3":               "way serial|threads N",
		"pairs bank a b 1":            "pairs FOLDER (FROM TO AMOUNT)...",
		"pairs bank a b 1 c d 2":      "pairs FOLDER (FROM TO AMOUNT)...",
		"steps 10m x":                 "steps DURATION STEP...",
		"steps 10m x y z":             "steps DURATION STEP...",
		"maybe":                       "maybe [child] [STATUS]",
		"maybe child":                 "maybe [child] [STATUS]",
		"maybe child 7":               "maybe [child] [STATUS]",
		"unheard-of with any of them": "unheard-of",
		"":                            "",
	} {
		words := append(strings.Fields(args), "")
		got, ok := Check(usage, words[0], words[1:max(1, len(words)-1)])
		require.True(t, ok, args)
		require.Equal(t, line, got)
	}
	for _, args := range []string{
		"none 1", "one", "one seven", "one 7 8", "two", "two 0", "two -1", "way", "way green 3", "way serial -1", "way serial", "pairs", "pairs bank",
		"pairs bank a b", "pairs bank a b x", "pairs bank a b 1 c", "steps", "steps 10m", "steps soon x", "maybe adult", "maybe child 7 8",
	} {
		words := strings.Fields(args)
		_, ok := Check(usage, words[0], words[1:])
		require.False(t, ok, args)
	}
}
