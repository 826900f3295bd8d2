package render

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"forklings/checker/lang"
	"forklings/checker/result"

	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "write what is expected anew")

// chinese is a verdict as a learner has it, of an explored scenario, with every part.
func chinese() *result.Result {
	ms := func(at float64, who, what string, kind result.Kind, other, object string) result.Event {
		return result.Event{Microseconds: int64(at * 1000), Who: who, What: what, Kind: kind, Other: other, Object: object}
	}
	r := &result.Result{Exercises: []result.Exercise{
		{Name: "join", Number: 7, Scenarios: []result.Scenario{{Name: "after-end", Status: result.Pass}}},
		{Name: "start-all-join-all", Number: 9, Status: result.Todo, Message: "尚未开始：start_all_join_all.go 要做什么，见 exercises/09-start-all-join-all/README.zh.md"},
		{Name: "lock", Number: 35, Scenarios: []result.Scenario{
			{Name: "acquire", Status: result.Pass},
			{Name: "numbers", Status: result.Skip, Because: "这里无法跟踪进程（ptrace：operation not permitted）"},
			{
				Name: "explore-first-use", Status: result.Deadlock, Mistake: "two-inside", Title: "两个进程第一次来到锁前，在试过的每一种顺序中，它们都不会同时在里面。",
				File: "exercises/35-lock/testdata/explore-first-use.txtar", Line: 9,
				Expected: "one 和 two 从未同时处于 inside 与 leaving 之间",
				Actual:   "两者曾同时处于其间：two 到达点 inside，one 到达点 inside；one 已退出，退出码 0；two 活着，正在 flock 中睡眠",
				Because:  "在试过的第 15 种顺序中：在 one 把 lockN 改名为 the.lock 之前轮到 two；在 two 从点 inside 继续之前轮到 one",
				Replay:   "lock/explore-first-use/db41116b/a4b6a5b3-a2ccf682",
				Output:   "one: 第一行，没有空格但是很长很长很长很长很长很长很长很长很长很长很长很长很长很长\none:\tsecond\n",
				Hint:     "在里面的是哪两个？它们锁的是同一个东西吗？\n各自看过 `flock` 的结果吗？\n\n    unix.Flock(fd, unix.LOCK_EX)",
				Timeline: []result.Event{
					ms(0, "one", "运行 lock once the.lock", result.Act, "", ""),
					ms(51.1, "two", "运行 lock once the.lock", result.Act, "", ""),
					ms(66.2, "two", "给 the.lock 加锁", result.Takes, "", "the.lock"),
					ms(74.2, "one", "创建 lock393061490，它的名字很长，要折成几行才写得下：lock393061490", result.Act, "", ""),
					ms(75, "one", "必须等待：轮到 two", result.Interrupted, "two", ""),
					ms(78.4, "two 的子进程", "写管道 1：\"\\x00\\x00\"...（26 字节）", result.Act, "", ""),
					ms(81, "two 的子进程", "以退出码 0 退出", result.Ends, "", ""),
					ms(12345.6, "two", "得知：two 的子进程以退出码 0 退出", result.Learns, "two 的子进程", ""),
				},
			},
		}},
		{Name: "pipe", Number: 29, Status: result.Error, Message: "29-pipe/pipe.go:3:1: undefined: x\nSend 变了：它在骨架代码中是 func (c *Conn) Send(message []byte) error。"},
	}}
	r.Sum()
	return r
}

func TestAVerdictInChineseIsAlignedAndKeepsToTheWidth(t *testing.T) {
	for _, width := range []int{40, 80} {
		var b bytes.Buffer
		require.NoError(t, Text(&b, chinese(), Style{Lang: lang.Chinese, Width: width}))
		golden(t, fmt.Sprintf("verdict-zh-%d.txt", width), b.String())
		for line := range strings.Lines(b.String()) {
			line = strings.TrimRight(line, "\n")
			if !strings.Contains(line, ".txtar:") && !strings.Contains(line, ".go") && !strings.Contains(line, "README") && !strings.Contains(line, "a4b6a5b3") && !strings.Contains(line, "unix.Flock") && !strings.Contains(line, "func (c") {
				require.LessOrEqual(t, Width(line), width, "what can be broken is: %q", line)
			}
		}
	}
}

func TestATimelineInChineseHasItsColumnsUnderEachOther(t *testing.T) {
	for _, width := range []int{40, 80} {
		text := Timeline(chinese().Exercises[2].Scenarios[2].Timeline, true, Style{Lang: lang.Chinese, Width: width})
		golden(t, fmt.Sprintf("timeline-zh-%d.txt", width), text+"\n")
		if width < 80 {
			continue
		}
		lines := strings.Split(text, "\n")
		at := func(line, mark string) int {
			before, _, ok := strings.Cut(line, mark)
			require.True(t, ok, "%q has no %s", line, mark)
			return Width(before)
		}
		require.Equal(t, at(lines[0], "two"), at(lines[2], "┌"))
		require.Equal(t, at(lines[0], "two 的子进程"), at(lines[9], "└"))
	}
}

func TestWithoutUTF8NothingButASCIIIsDrawn(t *testing.T) {
	r := sample()
	r.Exercises[0].Scenarios[1].Timeline = []result.Event{
		{Who: "parent", What: "starts child", Kind: result.Starts, Other: "child"}, {Microseconds: 1000, Who: "child", What: "exits 7", Kind: result.Ends},
		{Microseconds: 2000, Who: "parent", What: "locks x", Kind: result.Takes, Object: "x"}, {Microseconds: 3000, Who: "a long-named process", What: "sleeps"},
		{Microseconds: 4000, Who: "last", What: "sleeps"},
	}
	var b bytes.Buffer
	require.NoError(t, Text(&b, r, Style{ASCII: true, Width: 60}))
	for _, c := range b.String() {
		require.Less(t, c, rune(0x80), b.String())
	}
	require.Contains(t, b.String(), "...")
	b.Reset()
	r.Exercises[0].Scenarios[1].Timeline = r.Exercises[0].Scenarios[1].Timeline[:3]
	require.NoError(t, Text(&b, r, Style{ASCII: true}))
	require.Contains(t, b.String(), "        0.0  . starts child\n")
	require.Contains(t, b.String(), "        1.0  |               ' exits 7\n")
}

func golden(t *testing.T, name, text string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	require.Equal(t, string(want), text)
}
