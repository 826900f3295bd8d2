package verify

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"forklings/checker/arrange"
	"forklings/checker/kit"
	"forklings/checker/script"
)

// Role is what an exercise's program can be run as by hand.
type Role struct {
	Name    string
	Usage   string   // the name and its arguments
	Example []string // arguments that it takes, as a scenario has them; nil: there are none that hold outside of it
}

// Roles are those that an exercise's program chooses from by its first argument, as far as its source tells.
func Roles(e kit.Exercise) (roles []Role, err error) {
	names, usage, err := rolesOf(filepath.Join(e.Dir, "program"))
	if err != nil {
		return nil, err
	}
	scenarios, err := e.Scenarios()
	if err != nil {
		return nil, err
	}
	examples := map[string][]string{}
	for _, s := range scenarios {
		data, err := os.ReadFile(s.File)
		if err != nil {
			return nil, err
		}
		parsed, err := script.Parse(string(data))
		if err != nil {
			continue // what is wrong with it, the lint says
		}
		for role, args := range starts(parsed) {
			for _, a := range args {
				known := examples[role]
				if !slices.ContainsFunc(a, ofScenario) && (known == nil || len(a) < len(known)) {
					examples[role] = a
				}
			}
		}
	}
	for _, name := range names {
		r := Role{Name: name, Example: examples[name]}
		var alone bool
		if r.Usage, alone = arrange.Check(usage, name, nil); alone {
			r.Example = []string{}
		}
		roles = append(roles, r)
	}
	return roles, nil
}

// Takes reports whether the role takes these arguments.
func (r Role) Takes(args []string) bool {
	_, ok := arrange.Check(r.Usage, r.Name, args)
	return ok
}

// starts are the arguments with which a script starts each role.
func starts(s script.Script) map[string][][]string {
	found := map[string][][]string{}
	for _, c := range s.Commands {
		if c.Verb == "start" {
			found[c.Args[1]] = append(found[c.Args[1]], append([]string{}, c.Args[2:]...))
		}
	}
	return found
}

// ofScenario reports whether an argument stands for something that only the scenario knows, such as pid:parent.
func ofScenario(arg string) bool {
	kind, _, found := strings.Cut(arg, ":")
	return found && slices.Contains([]string{"pid", "time"}, kind)
}

// rolesOf reads the cases of every `switch me` of a program, and what it tells arrange.Role about their arguments.
func rolesOf(dir string) (names []string, usage string, err error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		return nil, "", err
	}
	for _, name := range files {
		file, err := parser.ParseFile(token.NewFileSet(), name, nil, parser.SkipObjectResolution)
		if err != nil {
			return nil, "", err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "Role" && len(n.Args) == 1 {
					if from, ok := f.X.(*ast.Ident); ok && from.Name == "arrange" {
						usage = text(n.Args[0])
					}
				}
			case *ast.SwitchStmt:
				if tag, ok := n.Tag.(*ast.Ident); !ok || tag.Name != "me" {
					return true
				}
				for _, clause := range n.Body.List {
					for _, value := range clause.(*ast.CaseClause).List {
						if role := text(value); role != "" && !slices.Contains(names, role) {
							names = append(names, role)
						}
					}
				}
			}
			return true
		})
	}
	slices.Sort(names)
	return names, usage, nil
}

// text is what a string literal says, else "".
func text(e ast.Expr) string {
	if lit, ok := e.(*ast.BasicLit); ok && lit.Kind == token.STRING {
		s, _ := strconv.Unquote(lit.Value)
		return s
	}
	return ""
}
