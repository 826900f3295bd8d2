package build

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"slices"

	"forklings/checker/attempt"
)

// runsAtStart tells whether linking the attempt's package could make a program do something before main: it has an init
// function, a variable whose value is more than plain data, or reaches into other packages by go:linkname.
// In doubt it says yes; that costs a link, and never a verdict.
func runsAtStart(h attempt.Handed) bool {
	for _, f := range h.Files {
		if bytes.Contains(f.Data, []byte("go:linkname")) {
			return true
		}
		file, err := parser.ParseFile(token.NewFileSet(), f.Name, f.Data, parser.SkipObjectResolution)
		if err != nil {
			continue // nor will it compile
		}
		plain := plainness{imports: importNames(file)}
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				if decl.Recv == nil && decl.Name.Name == "init" {
					return true
				}
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					if spec, ok := spec.(*ast.ValueSpec); ok && decl.Tok == token.VAR && !plain.all(spec.Values) {
						return true
					}
				}
			}
		}
	}
	return false
}

// plainness judges the values of variables: does computing them call, wait for or break nothing?
type plainness struct{ imports map[string]string }

// harmless are calls that package variables are usually set with.
var harmless = []string{"errors.New", "fmt.Errorf", "time.Duration", "syscall.Errno", "syscall.Signal",
	"context.Background", "sync.NewCond", "sync.OnceFunc", "sync.OnceValue", "sync.OnceValues"}

func (p plainness) all(values []ast.Expr) bool {
	return !slices.ContainsFunc(values, func(e ast.Expr) bool { return !p.is(e) })
}

func (p plainness) is(e ast.Expr) bool {
	switch e := e.(type) {
	case nil, *ast.BasicLit, *ast.Ident, *ast.FuncLit, *ast.ArrayType, *ast.MapType, *ast.ChanType, *ast.FuncType, *ast.StructType, *ast.InterfaceType:
		return true
	case *ast.ParenExpr:
		return p.is(e.X)
	case *ast.KeyValueExpr:
		return p.is(e.Key) && p.is(e.Value)
	case *ast.CompositeLit:
		return p.all(e.Elts)
	case *ast.UnaryExpr:
		return e.Op != token.ARROW && p.is(e.X) // a receive can wait
	case *ast.BinaryExpr:
		return e.Op != token.QUO && e.Op != token.REM && p.is(e.X) && p.is(e.Y) // a division can be by zero
	case *ast.SelectorExpr:
		return p.qualified(e) != ""
	case *ast.CallExpr:
		return p.harmlessCall(e)
	}
	return false
}

func (p plainness) harmlessCall(call *ast.CallExpr) bool {
	switch fun := call.Fun.(type) {
	case *ast.SelectorExpr:
		return slices.Contains(harmless, p.qualified(fun)) && p.all(call.Args)
	case *ast.ArrayType:
		return p.all(call.Args) // []byte("...")
	case *ast.Ident:
		// With a size it could be too big.
		return (fun.Name == "make" || fun.Name == "new") && len(call.Args) == 1
	}
	return false
}

// qualified is errors.New for a name from an imported package, "" for what is no such name.
func (p plainness) qualified(e *ast.SelectorExpr) string {
	pkg, ok := e.X.(*ast.Ident)
	if !ok || p.imports[pkg.Name] == "" {
		return ""
	}
	return p.imports[pkg.Name] + "." + e.Sel.Name
}
