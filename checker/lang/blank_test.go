package lang

import (
	"errors"
	"io/fs"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestABlankStandsBetweenChineseAndLatinOnly(t *testing.T) {
	for _, c := range []struct {
		format string
		args   []any
		want   string
	}{
		{"%s 已结束", []any{"child"}, "child 已结束"},
		{"%s 已结束", []any{"parent 的子进程"}, "parent 的子进程已结束"},
		{"启动 %s 之后", []any{"子进程"}, "启动子进程之后"},
		{"启动 %s 之后", []any{"child 的管道"}, "启动 child 的管道之后"},
		{"%s %s", []any{"甲", "乙"}, "甲乙"},
		{"说 %q 。", []any{"中 文"}, `说 "中 文" 。`},
		{"说 %s 了", []any{"a 中 文 b"}, "说 a 中 文 b 了"},
		{"%s：%d", []any{"管道", 3}, "管道：3"},
	} {
		require.Equal(t, c.want, Chinese.Sprintf(c.format, c.args...))
	}
}

func TestErrorsAndWordsAreSaidInTheLanguage(t *testing.T) {
	german := map[string]string{"no %s: %w": "kein %s: %w", "gone": "weg", "a door": "eine Tür"}
	catalogues["xx"] = func() map[string]string { return german }
	defer delete(catalogues, "xx")
	l := Lang("xx")
	inner := Errorf("gone")
	err := Errorf("no %s: %w", Mark("a door"), inner)
	require.EqualError(t, err, "no a door: gone")
	require.Equal(t, "kein eine Tür: weg", l.Error(err))
	require.ErrorIs(t, err, inner)
	require.ErrorIs(t, Errorf("no %s: %w", "x", fs.ErrNotExist), fs.ErrNotExist)
	require.Equal(t, "weg\nfile does not exist", l.Error(errors.Join(inner, fs.ErrNotExist)))
	require.Equal(t, "gone", English.Error(inner))
}
