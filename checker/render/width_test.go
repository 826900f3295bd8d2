package render

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestWidthCountsColumns(t *testing.T) {
	for text, want := range map[string]int{
		"": 0, "join": 4, "僵尸进程": 8, "Join：等待": 10, "（wait）": 8, "e\u0301": 1, "é": 1, "│├┌└┃…“”": 8, "👩‍👧": 2,
		"\x1b[31m通过\x1b[0m": 4, "\x1b": 4, "a\tb": 6, "\xff": 4, "\u200b": 0, "\x1b[2J": 7, "ｱ": 1,
	} {
		require.Equal(t, want, Width(text), "%q", text)
	}
}

func TestCutKeepsToTheColumns(t *testing.T) {
	for _, c := range []struct {
		text    string
		columns int
		want    string
	}{
		{"join", 4, "join"}, {"join", 3, "jo…"}, {"join", 1, "…"}, {"join", 0, ""}, {"join", -3, ""},
		{"僵尸进程", 8, "僵尸进程"}, {"僵尸进程", 7, "僵尸进…"}, {"僵尸进程", 6, "僵尸…"}, {"僵尸进程", 2, "…"}, {"僵尸进程", 1, "…"},
		{"e\u0301e\u0301e\u0301", 2, "e\u0301…"},
		{"\x1b[31m僵尸进程\x1b[0m", 5, "\x1b[31m僵尸…\x1b[0m"},
	} {
		require.Equal(t, c.want, Cut(c.text, c.columns), "%q %d", c.text, c.columns)
		require.LessOrEqual(t, Width(Cut(c.text, c.columns)), max(c.columns, 0))
	}
	require.Equal(t, "j...", cut("joined", 4, "..."))
	require.Equal(t, "..", cut("joined", 2, "..."))
}

func TestPadFillsColumnsUp(t *testing.T) {
	require.Equal(t, "通过    |", Pad("通过", 8)+"|")
	require.Equal(t, "pass    |", Pad("pass", 8)+"|")
	require.Equal(t, "僵尸进程|", Pad("僵尸进程", 7)+"|")
}

func TestChineseIsBrokenBetweenCharactersButNotAtPunctuation(t *testing.T) {
	require.Equal(t, []string{"子进程结束", "之后，Join", "才返回。"}, wrap("子进程结束之后，Join 才返回。", 11))
	text := "内核说：父进程（PID 12）正在等待“子进程”、管道；没有人能唤醒它！为什么？……《手册页》「完」看 wait(2)，`Wait4`、signal(7)。"
	for room := 4; room < 40; room++ {
		lines := wrap(text, room)
		for _, line := range lines {
			require.NotContains(t, "，。、；：）！？》」”…", strings.SplitN(line, "", 2)[0], "a line begins with it: %q of %d", line, room)
			letters := strings.Split(line, "")
			require.NotContains(t, "（《「“", letters[len(letters)-1], "a line ends with it: %q of %d", line, room)
			if len(letters) > 4 && room >= 16 {
				require.LessOrEqual(t, Width(line), room, line)
			}
		}
		joined := ""
		for _, line := range lines {
			joined += line
		}
		require.Equal(t, strings.ReplaceAll(text, " ", ""), strings.ReplaceAll(joined, " ", ""), "nothing is lost")
	}
}

func TestEnglishIsBrokenAtBlanks(t *testing.T) {
	require.Equal(t, []string{"One", "two-three", "four/five", "(six)"}, wrap("One two-three\nfour/five (six)", 12))
}

func TestChineseLinesAreJoinedWithoutABlank(t *testing.T) {
	require.Equal(t, []string{"父进程等待子进程，然后返回 nil 和退出码。"}, Fill("父进程等待\n子进程，\n然后返回 nil\n和退出码。", 60))
	require.Equal(t, []string{"1. 子进程", "结束了"}, Fill("1. 子进程结束了", 10))
	require.Equal(t, []string{"这就是*死", "锁*。谁也没"}, Fill("这就是*死锁*。谁也没", 11), "a mark stays with what it marks")
	require.Equal(t, []string{"每种都有**陷", "阱**在此"}, Fill("每种都有**陷阱**在此", 13))
}

func TestBlanksOfAnArgumentAreKept(t *testing.T) {
	require.Equal(t, []string{"runs x 'two  words'", "''"}, wrapLong("runs x 'two  words' ''", 20))
	p := printer{}
	require.Equal(t, []string{"runs x 'a   b'"}, p.told("runs x 'a   b'", 40))
}

func TestANameThatIsCutKeepsItsNumber(t *testing.T) {
	p := printer{}
	require.Equal(t, "misna….2", p.name("misnamed.2", 8))
	require.Equal(t, "misnamed.2", p.name("misnamed.2", 10))
	require.Equal(t, "a.proce…", p.name("a.process", 8))
}
