package verify

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strconv"

	"forklings/checker/script"
)

// program is what an exercise's program announces, as far as its source tells.
type program struct {
	points, answers map[string]bool // names given to Reach and Say
	roles           map[string]bool // every string in a case
	dynamic         bool            // some name is computed
}

func readProgram(dir string) (p program, err error) {
	p = program{points: map[string]bool{}, answers: map[string]bool{}, roles: map[string]bool{}}
	files, _ := filepath.Glob(filepath.Join(dir, "*.go"))
	if len(files) == 0 {
		return p, fmt.Errorf("no program: write program/program.go with a func Main()")
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			return p, err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.SelectorExpr); ok && len(n.Args) > 0 {
					switch f.Sel.Name {
					case "Reach", "Interrupt":
						p.name(p.points, n.Args[0])
					case "Say":
						p.name(p.answers, n.Args[0])
					}
				}
			case *ast.CaseClause:
				for _, e := range n.List {
					p.name(p.roles, e)
				}
			}
			return true
		})
	}
	return p, nil
}

func (p *program) name(in map[string]bool, e ast.Expr) {
	if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
		if s, err := strconv.Unquote(lit.Value); err == nil {
			in[s] = true
			return
		}
	}
	p.dynamic = true
}

// usage is what scripts speak of.
type usage struct {
	points, answers map[string]bool
	roles           []string // of the script added last
}

func (u *usage) add(s script.Script) {
	u.roles = nil
	fact := func(f script.Fact) {
		switch f.Verb {
		case "at", "before", "passed":
			u.points[f.Args[0]] = true
		case "apart":
			u.points[f.Args[1]], u.points[f.Args[2]] = true, true
		case "order":
			for _, p := range f.Args {
				u.points[p] = true
			}
		case "says":
			u.answers[f.Args[0]] = true
		}
	}
	for _, c := range s.Commands {
		if c.Verb == "start" {
			u.roles = append(u.roles, c.Args[1])
		}
		if c.Verb == "release" && len(c.Args) > 1 {
			u.points[c.Args[1]] = true
		}
		for _, f := range c.Line.Facts {
			fact(f)
		}
		for _, e := range c.Line.Elses {
			if e.If != nil {
				fact(*e.If)
			}
		}
	}
}
