package attempt

import (
	"bytes"
	"errors"
	"go/ast"
	"go/build"
	"go/parser"
	"go/scanner"
	"go/token"
	"io"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"forklings/checker/kit"
	"forklings/checker/lang"
)

// checkText refuses what is not text in UTF-8.
func checkText(f File) error {
	for rest, line := f.Data, 1; len(rest) > 0; line++ {
		text, after, _ := bytes.Cut(rest, []byte("\n"))
		rest = after
		switch {
		case bytes.IndexByte(text, 0) >= 0:
			return lang.Errorf("%s:%d: a NUL byte; save the file as plain text in UTF-8", f.Shown(), line)
		case !utf8.Valid(text):
			return lang.Errorf("%s:%d: not UTF-8; save the file as plain text in UTF-8", f.Shown(), line)
		}
	}
	return nil
}

// compiled tells whether the go tool takes the file in, on Linux and without cgo: by its name and its //go:build line.
func compiled(f File) bool {
	ctx := build.Default
	ctx.GOOS, ctx.GOARCH, ctx.CgoEnabled, ctx.BuildTags = "linux", runtime.GOARCH, false, nil
	ctx.OpenFile = func(string) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(f.Data)), nil }
	match, err := ctx.MatchFile("", f.Name)
	return match || err != nil // an error is for the compiler to tell
}

// checkGo refuses a wrong package, imports that an attempt may not have, and //go:embed. Syntax is left to the compiler.
func checkGo(e kit.Exercise, f File) error {
	positions := token.NewFileSet()
	// Never the position that a //line directive claims.
	line := func(pos token.Pos) int { return positions.PositionFor(pos, false).Line }

	file, err := parser.ParseFile(positions, f.Name, f.Data, parser.PackageClauseOnly)
	if err != nil || file.Name == nil {
		return lang.Errorf("%s:1: no package clause; the first line of code is \"package %s\"", f.Shown(), e.Package)
	}
	if file.Name.Name != e.Package {
		return lang.Errorf("%s:%d: package %s, but exercise %s is package %s", f.Shown(), line(file.Name.Pos()), file.Name.Name, e.Name, e.Package)
	}
	file, _ = parser.ParseFile(positions, f.Name, f.Data, parser.ImportsOnly)
	var errs []error
	var fromStub []string
	for _, spec := range imports(file) {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		first, _, _ := strings.Cut(path, "/")
		switch {
		case path == "C":
			errs = append(errs, lang.Errorf(`%s:%d: import "C": cgo is off in %s; write it in Go`, f.Shown(), line(spec.Pos()), kit.Module))
			continue
		case first == kit.Module:
			if fromStub == nil {
				fromStub = stubImports(e)
			}
			if slices.Contains(fromStub, path) {
				continue
			}
		case !strings.Contains(first, "."), strings.HasPrefix(path+"/", "golang.org/x/sys/"):
			continue // whether it exists is for the compiler to tell
		}
		errs = append(errs, mayNot(f.Shown(), line(spec.Pos()), path, stubImports(e)))
	}
	if at := embeds(f.Data); at > 0 {
		errs = append(errs, lang.Errorf("%s:%d: //go:embed: only Go files are handed in; write the data into one", f.Shown(), at))
	}
	return errors.Join(errs...)
}

func imports(file *ast.File) []*ast.ImportSpec {
	if file == nil {
		return nil
	}
	return file.Imports
}

// mayNot says what may be imported where this package may not.
func mayNot(file string, line int, path string, fromStub []string) error {
	allowed := lang.Errorf("the standard library and golang.org/x/sys")
	if n := len(fromStub); n > 0 {
		allowed = lang.Errorf("the standard library, %s and %s", strings.Join(append([]string{"golang.org/x/sys"}, fromStub[:n-1]...), ", "), fromStub[n-1])
	}
	if own, ok := strings.CutPrefix(path, kit.Module+"/"); ok {
		return lang.Errorf("%s:%d: import %q: %s is the kit's own; an attempt may import %s", file, line, path, own, allowed)
	}
	return lang.Errorf("%s:%d: import %q: not part of the course; an attempt may import %s", file, line, path, allowed)
}

// stubImports are the packages of the kit that the exercise's stub imports, and an attempt may.
func stubImports(e kit.Exercise) []string {
	paths := []string{}
	stub, err := e.Stub()
	if err != nil {
		return paths
	}
	file, _ := parser.ParseFile(token.NewFileSet(), e.File, stub, parser.ImportsOnly)
	for _, spec := range imports(file) {
		if path, err := strconv.Unquote(spec.Path.Value); err == nil && strings.HasPrefix(path, kit.Module+"/") {
			paths = append(paths, path)
		}
	}
	return paths
}

// embeds returns the line of the first //go:embed directive, 0 if there is none. The same in a string is none.
func embeds(data []byte) int {
	directive := []byte("//go:embed")
	if !bytes.Contains(data, directive) {
		return 0
	}
	file := token.NewFileSet().AddFile("", -1, len(data))
	var s scanner.Scanner
	s.Init(file, data, nil, scanner.ScanComments)
	for {
		pos, tok, text := s.Scan()
		if tok == token.EOF {
			return 0
		}
		if rest, ok := strings.CutPrefix(text, string(directive)); tok == token.COMMENT && ok && (rest == "" || strings.ContainsAny(rest[:1], " \t\"`")) {
			return file.PositionFor(pos, false).Line
		}
	}
}
