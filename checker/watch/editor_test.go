package watch

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"forklings/checker/lang"
	"forklings/checker/result"

	"github.com/stretchr/testify/require"
)

func TestEditorsAreToldTheLine(t *testing.T) {
	bin := t.TempDir()
	for _, name := range []string{"vim", "code", "hx", "goland", "emacs", "emacsclient", "mine", "my editor"} {
		require.NoError(t, os.WriteFile(filepath.Join(bin, name), []byte("#!/bin/sh\n"), 0o755))
	}
	t.Setenv("PATH", bin)
	for _, c := range []struct {
		env      map[string]string
		want     string
		terminal bool
	}{
		{map[string]string{"EDITOR": "vim"}, "vim|+7|a b.go", true},
		{map[string]string{"EDITOR": "vim", "VISUAL": "code --wait"}, "code|--wait|-g|a b.go:7", false},
		{map[string]string{"EDITOR": "hx"}, "hx|a b.go:7", true},
		{map[string]string{"EDITOR": "goland"}, "goland|--line|7|a b.go", false},
		{map[string]string{"EDITOR": "emacs"}, "emacs|+7|a b.go", true},
		{map[string]string{"EDITOR": "emacs", "DISPLAY": ":0"}, "emacs|+7|a b.go", false},
		{map[string]string{"EDITOR": "emacsclient -t"}, "emacsclient|-t|+7|a b.go", true},
		{map[string]string{"EDITOR": "mine -x"}, "mine|-x|a b.go", true},
		{map[string]string{"EDITOR": "'" + bin + "/my editor' \"a  b\""}, bin + "/my editor|a  b|a b.go", true},
		{map[string]string{"TERM_PROGRAM": "vscode", "EDITOR": " "}, "code|-g|a b.go:7", false},
	} {
		args, terminal, err := editing(lang.English, func(name string) string { return c.env[name] }, "a b.go", 7)
		require.NoError(t, err)
		require.Equal(t, c.want, strings.Join(args, "|"))
		require.Equal(t, c.terminal, terminal, "%v", c.env)
	}
	_, _, err := editing(lang.English, func(string) string { return "" }, "a.go", 1)
	require.ErrorContains(t, err, "neither $VISUAL nor $EDITOR names an editor")
	_, _, err = editing(lang.English, func(string) string { return "nosuch" }, "a.go", 1)
	require.ErrorContains(t, err, "the editor nosuch of $VISUAL or $EDITOR cannot be found")
}

func TestTheEditorOpensAtTheLineInQuestion(t *testing.T) {
	file := filepath.Join(t.TempDir(), "join.go")
	require.NoError(t, os.WriteFile(file, []byte("package join\n\n// A.\nfunc A() {}\n\nfunc B() error { return errors.New(\"not written yet\") }\n"), 0o644))
	require.Equal(t, 6, question(file, nil))
	require.Equal(t, 12, question(file, &result.Exercise{Message: "exercises/07-join/join.go:12:3: undefined: x"}))
	require.NoError(t, os.WriteFile(file, []byte("package join\n\n// A.\nfunc A() {}\n"), 0o644))
	require.Equal(t, 4, question(file, nil))
	require.Equal(t, 1, question(file+"x", nil))
}
