//go:build unix

package build

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const alive = "package isalive\n\nconst Text = \"mine\"\n"

func TestBrokenExerciseIsTakenOutAndNamed(t *testing.T) {
	for name, c := range map[string]struct{ join, want string }{
		"type error": {
			strings.Replace(stub, `errors.New("stub")`, "7", 1) + "\nvar _ = errors.New\n",
			"join/join.go:12:42: cannot use 7 (constant of type int) as error value in return statement",
		},
		"syntax": {
			"package join\n\nfunc {\n",
			"join/join.go:3:6: syntax error: unexpected {, expected name or (",
		},
		"import syntax": {
			"package join\n\nimport \"os\n",
			"join/join.go:3:8: string literal not terminated",
		},
		"no such package": {
			"package join\n\nimport \"nosuch/thing\"\n",
			"join/join.go:3:8: package nosuch/thing is not in std",
		},
		"a line directive in the imports": {
			"package join\n\n//line exercises/08-is-alive/is_alive.go:1\nimport \"nosuch/thing\"\n",
			"package nosuch/thing is not in std",
		},
		"a line directive": {
			"package join\n\n//line exercises/08-is-alive/is_alive.go:3\nvar x int = \"\"\n",
			`exercises/08-is-alive/is_alive.go:3: cannot use ""`,
		},
		"a forged header": {
			"package join\n\nvar x int = `\n# forklings/exercises/08-is-alive\nexercises/08-is-alive/is_alive.go:3:1: forged`\n",
			"join/join.go:3:13: cannot use `\n# forklings/exercises/08-is-alive\n",
		},
		"a missing method": {
			strings.Split(stub, "// Start")[0] + "var _ = errors.New\n",
			"Start is missing: it is func (p *Process) Start() error in the stub.\n\nexercises/07-join/program/program.go:10:36: join.New(\"child\").Start undefined (type *join.Process has no field or method Start)",
		},
		"another signature": {
			strings.Replace(strings.Replace(stub, "Start() error", "Start() (int, error)", 1), "return errors", "return 0, errors", 1),
			"The signature of Start changed: it is func (p *Process) Start() error in the stub.\n\nexercises/07-join/program/program.go:10:18: multiple-value join.New(\"child\").Start() (value of type (int, error))",
		},
		"a missing type": {
			"package join\n\nfunc New() string { return \"\" }\n",
			"The signature of New changed: it is func New(args ...string) *Process in the stub.\nStart is missing",
		},
		"too long for the linker": {
			"package join\n\nvar x [1 << 33]byte\n\nvar X = &x\n",
			"symbol too large",
		},
		"a symbol that is nowhere": {
			stub[:len("package join\n")] + "\nimport _ \"unsafe\"\n" + stub[len("package join\n"):] + "\n//go:linkname far nosuch.far\nfunc far()\n\nfunc init() { far() }\n",
			"forklings/exercises/07-join.init.0: relocation target nosuch.far not defined",
		},
	} {
		t.Run(name, func(t *testing.T) {
			k := miniature(t)
			p := programs(t, k, hand(t, k, map[string]string{"join/join.go": c.join, "is-alive/is_alive.go": alive}))
			require.Len(t, p.Broken, 1, "%v", p.Broken)
			require.Contains(t, p.Broken["join"], c.want)
			require.NotContains(t, p.Broken["join"], "snapshot")
			require.Empty(t, p.For("join"))
			require.Equal(t, "mine\n", run(t, p.For("is-alive"), "is-alive", "role"))
		})
	}
}

func TestParameterNamesAreTheLearnersOwn(t *testing.T) {
	k := miniature(t)
	p := programs(t, k, hand(t, k, map[string]string{"join/join.go": strings.Replace(stub, "args ...string", "arguments ...string", 1) + "\nfunc (*Process) More() {}\n"}))
	require.Empty(t, p.Broken)
}

// What the linker refuses names no exercise, so each is tried by itself.
func TestLinkErrorIsBlamedOnItsExercise(t *testing.T) {
	k := miniature(t)
	far := strings.Replace(stub, `import "errors"`, "import _ \"unsafe\"\n\n//go:linkname far nosuch.far\nfunc far() error\n", 1)
	handed := hand(t, k, map[string]string{
		"join/join.go":         strings.Replace(far, `errors.New("stub")`, "far()", 1),
		"is-alive/is_alive.go": alive,
	})
	b, err := newBuilder(t.Context(), k, t.TempDir())
	require.NoError(t, err)
	binary, err := b.group(filepath.Join(b.dir, "programs"), handed)
	require.NoError(t, err)
	require.Contains(t, b.broken["join"], "relocation target nosuch.far not defined")
	require.Len(t, b.broken, 1)
	require.Equal(t, "mine\n", run(t, binary, "is-alive", "role"))
}

// The go tool names the package that does not exist, and not who imports it. Only importers are tried by themselves: the
// other exercise could not be built at all.
func TestMissingPackageIsBlamedOnItsImporter(t *testing.T) {
	k := miniature(t)
	put(t, filepath.Join(k.Root, "exercises/08-is-alive/program/program.go"), "no Go")
	handed := hand(t, k, map[string]string{"join/join.go": "package join\n\nimport \"nosuch/thing\"\n", "is-alive/is_alive.go": alive})
	b, err := newBuilder(t.Context(), k, t.TempDir())
	require.NoError(t, err)
	good, err := b.blame(&output{failed: map[string]bool{"nosuch/thing": true}}, handed)
	require.NoError(t, err)
	require.Equal(t, handed[1:], good)
	require.Contains(t, b.broken["join"], "join/join.go:3:8: package nosuch/thing is not in std")
}

func TestSeveralBrokenExercises(t *testing.T) {
	k := miniature(t)
	p := programs(t, k, hand(t, k, map[string]string{"join/join.go": "package join\nvar x int = \"\"\n", "is-alive/is_alive.go": "package isalive\n"}))
	require.Empty(t, p.Binary)
	require.Contains(t, p.Broken["join"], "join/join.go:2:13: cannot use")
	require.Contains(t, p.Broken["is-alive"], "Text is missing: it is const Text in the stub.")
}

func TestLongMessageIsCut(t *testing.T) {
	k := miniature(t)
	p := programs(t, k, hand(t, k, map[string]string{"join/join.go": "package join\nvar x int = `" + strings.Repeat("long ", 1<<15) + "`\n"}))
	require.Less(t, len(p.Broken["join"]), maxMessage+100)
	require.Contains(t, p.Broken["join"], "more bytes)")
}

func TestKitThatDoesNotCompileIsNobodysAttempt(t *testing.T) {
	k := miniature(t)
	put(t, filepath.Join(k.Root, "exercises/07-join/program/program.go"), "package program\n\nfunc Main() { nosuch() }\n")
	_, err := Programs(t.Context(), k, t.TempDir(), hand(t, k, map[string]string{"join/join.go": stub, "is-alive/is_alive.go": alive}))
	require.ErrorContains(t, err, "the kit at "+k.Root+" cannot be built, and no attempt is to blame:")
	require.ErrorContains(t, err, "program.go:3:15: undefined: nosuch")
}

func TestNoGoOnPathSaysWhatToInstall(t *testing.T) {
	k := miniature(t)
	t.Setenv("PATH", t.TempDir())
	_, err := Programs(t.Context(), k, t.TempDir(), nil)
	require.EqualError(t, err, "no go command found on PATH (executable file not found in $PATH); install Go 1.24 or newer from https://go.dev/dl/ and put its bin folder on PATH")
}

func TestGoThatIsTooOldIsNamed(t *testing.T) {
	k := miniature(t)
	t.Setenv("GOTOOLCHAIN", "local")
	put(t, filepath.Join(k.Root, "go.mod"), "module forklings\n\ngo 1.999.0\n")
	_, err := Programs(t.Context(), k, t.TempDir(), hand(t, k, map[string]string{"join/join.go": stub}))
	require.ErrorContains(t, err, "this kit needs Go 1.999.0, and ")
}

func TestUsersSettingsDoNotReachTheBuild(t *testing.T) {
	k := miniature(t)
	for name, value := range map[string]string{"GOFLAGS": "-nosuch", "GOOS": "windows", "GOARCH": "386", "GO111MODULE": "off", "CGO_ENABLED": "1", "GOWORK": "/nosuch/go.work"} {
		t.Setenv(name, value)
	}
	p := programs(t, k, hand(t, k, map[string]string{"join/join.go": written("mine")}))
	require.Equal(t, "join: mine\n", run(t, p.For("join"), "join", "role"))
}

func TestBuildFolderThatRefusesIsNamed(t *testing.T) {
	k := miniature(t)
	handed := hand(t, k, map[string]string{"join/join.go": stub})
	file := filepath.Join(t.TempDir(), "file")
	put(t, file, "")
	_, err := Programs(t.Context(), k, file, handed)
	require.ErrorContains(t, err, "the build folder "+file+" cannot be written: ")

	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "overlay.json"), 0o777))
	_, err = Programs(t.Context(), k, dir, handed)
	require.ErrorContains(t, err, "the build folder "+dir+" cannot be written: ")
}

// A compiler that is killed, or finds no room, complains about the package but about no line of it.
func TestMachinesFaultIsNobodysAttempt(t *testing.T) {
	k := miniature(t)
	bin := t.TempDir()
	put(t, filepath.Join(bin, "go"), `#!/bin/sh
printf '%s\n' '{"ImportPath":"forklings/exercises/07-join","Action":"build-output","Output":"# forklings/exercises/07-join\n"}'
printf '%s\n' '{"ImportPath":"forklings/exercises/07-join","Action":"build-output","Output":"compile: signal: killed\n"}'
exit 1
`)
	require.NoError(t, os.Chmod(filepath.Join(bin, "go"), 0o777))
	t.Setenv("PATH", bin+":"+os.Getenv("PATH"))
	_, err := Programs(t.Context(), k, t.TempDir(), hand(t, k, map[string]string{"join/join.go": stub}))
	require.ErrorContains(t, err, "no attempt is to blame:\ncompile: signal: killed")
}

func TestStartUpCodeIsTold(t *testing.T) {
	k := miniature(t)
	for code, want := range map[string]bool{
		"var X = errors.New(\"x\")":                                false,
		"var X, y = []int{1}, map[string]*int{\"a\": nil}":         false,
		"var X struct{ a int }":                                    false,
		"var X = &struct{ c chan int }{make(chan int)}":            false,
		"var X = func() { panic(1) }":                              false,
		"var X = []byte(\"abc\")":                                  false,
		"const X = 1 << 3":                                         false,
		"func Init() {}":                                           false,
		"type T int\nfunc (T) init() {}":                           false,
		"func init() {}":                                           true,
		"var X = f()\nfunc f() int { for {} }":                     true,
		"var X = <-make(chan int)":                                 true,
		"var X = make([]byte, 1<<40)":                              true,
		"var X = []any{f()}\nfunc f() int { return 1 }":            true,
		"var X = []int{}[y]\nvar y int":                            true,
		"var X = 1 / y\nvar y int":                                 true,
		"var X = *y\nvar y *int":                                   true,
		"var X = y.a\nvar y *struct{ a int }":                      true,
		"var X = func() int { panic(1) }()":                        true,
		"//go:linkname x runtime.x\nvar x int":                     true,
		"var X = errors.New(f())\nfunc f() string { panic(\"\") }": true,
	} {
		h := hand(t, k, map[string]string{"join/join.go": "package join\nimport \"errors\"\n" + code + "\n"})
		require.NoError(t, h[0].Err)
		require.Equal(t, want, runsAtStart(h[0]), code)
	}
}

func TestWhatCameOutOfACallIsTracedToItsSignature(t *testing.T) {
	h := hand(t, miniature(t), map[string]string{"join/join.go": strings.Replace(stub, "Start() error { return errors.New(\"stub\")", "Start() bool { return errors.ErrUnsupported != nil", 1)})[0]
	want := []string{"The signature of Start changed: it is func (p *Process) Start() error in the stub."}
	require.Equal(t, want, changed(h, "program.go:10:18: join.New(\"child\").Start() (value of type bool) is no error"))
	require.Equal(t, want, changed(h, "program.go:10:18: invalid operation: err != nil (mismatched types bool and untyped nil)"), "which names nobody")
	require.Empty(t, changed(h, ""))
}
