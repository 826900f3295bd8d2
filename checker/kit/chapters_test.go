package kit

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"forklings/checker/lang"
)

const source = `{"chapters": [
  {"title": {"en": "Ends", "zh": "结束"}, "exercises": [
    {"name": "exit-code", "python": {"en": "` + "`p.exitcode`" + `"}, "calls": ["os.waitpid", "multiprocessing.Process.exitcode"]},
    {"name": "nosuch", "python": {}, "calls": ["os.nosuch"]}]},
  {"title": {"en": "Nothing", "zh": "无"}, "exercises": []},
  {"title": {"en": "Waiting", "zh": "等待"}, "exercises": [
    {"name": "join-timeout", "python": {}, "calls": []},
    {"name": "join", "python": {}, "calls": ["os.waitpid"]},
    {"name": "exit-code", "python": {}, "calls": []}]}
], "without": ["os.fork"]}`

func write(t *testing.T, k *Kit, text string) {
	t.Helper()
	require.NoError(t, os.WriteFile(filepath.Join(k.Root, ChaptersFile), []byte(text), 0o666))
}

func TestEveryExerciseIsInOneChapter(t *testing.T) {
	k := chapter(t)
	write(t, k, source)
	chapters, err := k.Chapters()
	require.NoError(t, err)
	var got [][]string
	for _, c := range chapters {
		names := []string{c.Title.In(lang.Chinese)}
		for _, topic := range c.Topics {
			names = append(names, topic.Name)
		}
		got = append(got, names)
	}
	require.Equal(t, [][]string{{"结束", "exit-code"}, {"等待", "join", "join-timeout"}, {"", "is-alive"}}, got)
	require.Equal(t, 3, chapters[1].Number)
	require.Zero(t, chapters[2].Number)
	require.Equal(t, "`p.exitcode`", chapters[0].Topics[0].Python.In(lang.Chinese))
}

func TestWithoutTheFileThereIsOneChapterWithoutATitle(t *testing.T) {
	k := chapter(t)
	chapters, err := k.Chapters()
	require.NoError(t, err)
	require.Len(t, chapters, 1)
	require.Len(t, chapters[0].Topics, 4)
}

func TestCallsNameTheirExercisesInTheCoursesOrder(t *testing.T) {
	k := chapter(t)
	write(t, k, source)
	chapters, err := k.Chapters()
	require.NoError(t, err)
	calls := Calls(chapters)
	require.Len(t, calls, 2)
	require.Equal(t, "multiprocessing.Process.exitcode", calls[0].Name)
	require.Equal(t, "Process.exitcode", calls[0].Short())
	require.Equal(t, "os", calls[1].Module())
	require.Equal(t, []Exercise{chapters[0].Topics[0].Exercise, chapters[1].Topics[0].Exercise}, calls[1].Exercises)
}

func TestWhatIsWrongInTheChaptersIsToldWithItsLine(t *testing.T) {
	k := chapter(t)
	for text, want := range map[string]string{
		"{\n\"chapters\": [\n{\"titel\": {}}]}": `exercises/chapters.json:3: json: unknown field "titel"`,
		"{\n\"chapters\": [\n}":                 "exercises/chapters.json:3: invalid character '}'",
		"{}\n{}":                                "exercises/chapters.json:2: something stands behind its end",
	} {
		write(t, k, text)
		_, err := k.Chapters()
		require.ErrorContains(t, err, want)
	}
}

func TestAboutIsWhatStandsBehindTheName(t *testing.T) {
	e := join(t)
	for title, want := range map[string]string{"Join: wait for a child": "wait for a child", "Join：等待子进程": "等待子进程", "Waiting": "Waiting"} {
		require.NoError(t, os.WriteFile(e.Readme(lang.Chinese), []byte("# "+title+"\n"), 0o666))
		about, err := e.About(lang.Chinese)
		require.NoError(t, err)
		require.Equal(t, want, about)
	}
}
