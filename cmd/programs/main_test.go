package main

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"
)

// All exercises' programs are one binary: what one of them computes for the variables of its package, every process of
// every exercise computes when it starts. GODEBUG=inittrace=1 (https://pkg.go.dev/runtime) tells how much that is.
func TestNoProgramMakesTheOthersStartSlowly(t *testing.T) {
	const most = 64 << 10 // bytes a package

	file := filepath.Join(t.TempDir(), "programs")
	out, err := exec.Command("go", "build", "-o", file, ".").CombinedOutput()
	require.NoError(t, err, "%s", out)
	program := exec.Command(file)
	program.Env = append(os.Environ(), "GODEBUG=inittrace=1")
	out, err = program.CombinedOutput()
	require.Error(t, err, "it has no name of an exercise")

	found := regexp.MustCompile(`(?m)^init (forklings/\S+) .* (\d+) bytes`).FindAllSubmatch(out, -1)
	require.NotEmpty(t, found, "%s", out)
	for _, f := range found {
		bytes, err := strconv.Atoi(string(f[2]))
		require.NoError(t, err)
		require.LessOrEqual(t, bytes, most, "%s makes so many bytes when it starts: make them where they are used (sync.OnceValue)", f[1])
	}
}

// An init that locks the thread, and is not asked in which program, does so in every exercise's: no mistake about threads
// would show any more. So that is what arrange.FirstThread is for.
func TestNoProgramLocksTheOthersThread(t *testing.T) {
	files, err := filepath.Glob("../../exercises/*/program/*.go")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, path := range files {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		require.NoError(t, err)
		for _, decl := range file.Decls {
			if f, ok := decl.(*ast.FuncDecl); ok && f.Name.Name == "init" {
				ast.Inspect(f, func(n ast.Node) bool {
					name, ok := n.(*ast.Ident)
					require.False(t, ok && name.Name == "LockOSThread", "%s: its init locks the thread: use arrange.FirstThread", path)
					return true
				})
			}
		}
	}
}
