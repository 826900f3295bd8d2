package watch

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"forklings/checker/lang"
	"forklings/checker/result"
)

// places are how editors are told a line; %f is the file and %l the line.
var places = map[string]string{
	"code": "-g %f:%l", "code-insiders": "-g %f:%l", "codium": "-g %f:%l", "vscodium": "-g %f:%l", "cursor": "-g %f:%l", "windsurf": "-g %f:%l",
	"subl": "%f:%l", "zed": "%f:%l", "hx": "%f:%l", "helix": "%f:%l", "micro": "+%l %f", "kate": "-l %l %f", "mate": "-l %l %f",
	"goland": "--line %l %f", "idea": "--line %l %f", "gedit": "+%l %f", "gnome-text-editor": "+%l %f",
	"vi": "+%l %f", "vim": "+%l %f", "nvim": "+%l %f", "gvim": "+%l %f", "view": "+%l %f", "nano": "+%l %f", "pico": "+%l %f", "emacs": "+%l %f",
	"emacsclient": "+%l %f", "kak": "+%l %f", "joe": "+%l %f", "jed": "%f -g %l", "mg": "+%l %f", "ne": "+%l %f", "mcedit": "%f:%l", "ed": "%f",
}

// windowed are the editors with a window of their own; all others take the terminal.
var windowed = []string{"code", "code-insiders", "codium", "vscodium", "cursor", "windsurf", "subl", "zed", "kate", "mate", "goland", "idea", "gedit", "gnome-text-editor", "gvim"}

// editing is how the learner's editor opens a file at a line: $VISUAL, else $EDITOR, both with arguments where they have some, else
// code below VS Code's terminal. terminal says that it needs the terminal. The error says what to set.
func editing(l lang.Lang, env func(string) string, file string, line int) (args []string, terminal bool, err error) {
	value := env("VISUAL")
	if strings.TrimSpace(value) == "" {
		value = env("EDITOR")
	}
	if strings.TrimSpace(value) == "" && env("TERM_PROGRAM") == "vscode" {
		value = "code"
	}
	words := fields(value)
	if len(words) == 0 {
		return nil, false, lang.Errorf("neither $VISUAL nor $EDITOR names an editor; for example: export EDITOR=nano")
	}
	if _, err := exec.LookPath(words[0]); err != nil {
		return nil, false, lang.Errorf("the editor %s of $VISUAL or $EDITOR cannot be found", words[0])
	}
	name := filepath.Base(words[0])
	form, known := places[name]
	if !known {
		form = "%f"
	}
	for _, word := range strings.Fields(form) {
		words = append(words, strings.NewReplacer("%f", file, "%l", strconv.Itoa(max(line, 1))).Replace(word))
	}
	terminal = !slices.Contains(windowed, name)
	if name == "emacsclient" || name == "emacs" {
		terminal = name == "emacs" && env("DISPLAY") == "" && env("WAYLAND_DISPLAY") == "" ||
			slices.ContainsFunc(words, func(w string) bool {
				return slices.Contains([]string{"-t", "-nw", "--tty", "-tty", "--no-window-system"}, w)
			})
	}
	return words, terminal, nil
}

// fields are the words of a command line; quotes keep blanks in a word.
func fields(text string) (words []string) {
	var word strings.Builder
	quote, open := rune(0), false
	for _, r := range text {
		switch {
		case quote != 0 && r == quote:
			quote = 0
		case quote != 0:
			word.WriteRune(r)
		case r == '"' || r == '\'':
			quote, open = r, true
		case r == ' ' || r == '\t':
			if word.Len() > 0 || open {
				words = append(words, word.String())
			}
			word.Reset()
			open = false
		default:
			word.WriteRune(r)
		}
	}
	if word.Len() > 0 || open {
		words = append(words, word.String())
	}
	return words
}

// question is the line of the learner's file to look at: the one that the compiler names, else the first that is not written yet,
// else the first function.
func question(file string, v *result.Exercise) int {
	if v != nil && v.Message != "" {
		at := regexp.MustCompile(`(?m)` + regexp.QuoteMeta(filepath.Base(file)) + `:([0-9]+)`).FindStringSubmatch(v.Message)
		if at != nil {
			n, _ := strconv.Atoi(at[1])
			return n
		}
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return 1
	}
	for _, sign := range []string{"not written yet", "\nfunc "} {
		if i := strings.Index(string(text), sign); i >= 0 {
			return 1 + strings.Count(string(text[:i+1]), "\n")
		}
	}
	return 1
}
