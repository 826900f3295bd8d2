package kit

import (
	"os"
	"path/filepath"
	"testing"

	"forklings/checker/lang"

	"github.com/stretchr/testify/require"
)

func learning(t *testing.T, files map[string]string) Exercise {
	e := Exercise{Dir: t.TempDir()}
	for name, text := range files {
		require.NoError(t, os.WriteFile(filepath.Join(e.Dir, name), []byte(text), 0o644))
	}
	return e
}

func TestWhatWasLearntIsToldInALanguage(t *testing.T) {
	e := learning(t, map[string]string{"learnt.md": "# Learnt\n\n## en\n\n- One.\n- Two.\n\n## zh\n\n- 一。\n- 二。\n"})
	for l, want := range map[lang.Lang][]string{lang.English: {"One.", "Two."}, lang.Chinese: {"一。", "二。"}, "de": {"One.", "Two."}} {
		have, err := e.Learnt(l)
		require.NoError(t, err)
		require.Equal(t, want, have)
	}
}

func TestWhatDoesNotFollowTheFormOfLearntIsNamed(t *testing.T) {
	for text, line := range map[string]string{"": "", "# Learnt\n\nOne.\n": ":3:", "# Other\n": ":1:", "# Learnt\n- One.\n": ":2:", "# Learnt\n## en\n- One.\n## en\n": ":4:"} {
		_, err := learning(t, map[string]string{"learnt.md": text}).AllLearnt()
		if line == "" {
			require.NoError(t, err)
		} else {
			require.ErrorContains(t, err, "learnt.md"+line)
		}
	}
	_, err := learning(t, nil).Learnt(lang.English)
	require.ErrorIs(t, err, os.ErrNotExist)
}

func TestWhatToReadOnIsTheLastSection(t *testing.T) {
	e := learning(t, map[string]string{"README.md": "# T\n\n## Your task\n\n- no\n\n## Read on\n\n- [wait(2)](https://a/b.html), and\n  [more](https://c)\n- plain\n"})
	want := []string{"wait(2) <https://a/b.html>, and more <https://c>", "plain"}
	require.Equal(t, want, e.ReadOn(lang.English))
	require.Equal(t, want, e.ReadOn(lang.Chinese))
	require.Empty(t, learning(t, map[string]string{"README.md": "# T\n- no\n"}).ReadOn(lang.English))
	require.Empty(t, learning(t, nil).ReadOn(lang.English))
}
