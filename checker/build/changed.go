package build

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/printer"
	"go/token"
	"path"
	"regexp"
	"strconv"
	"strings"

	"forklings/checker/attempt"
	"forklings/checker/lang"
)

// What is added to the compiler's words. A message is kept in English, and said in a language by In.
var (
	missing   = lang.Mark("%s is missing: it is %s in the stub.")
	resigned  = lang.Mark("The signature of %s changed: it is %s in the stub.")
	otherwise = lang.Mark("%s changed: it is %s in the stub.")
	left      = lang.Mark("(%s more bytes)")
)

// In says a message of Program.Broken in a language: what is the compiler's own stays as it is.
func In(l lang.Lang, message string) string {
	lines := strings.Split(message, "\n")
	for i, line := range lines {
		lines[i] = l.Recognize(line, missing, resigned, otherwise, left)
	}
	return strings.Join(lines, "\n")
}

// changed says, a sentence each, what the attempt lacks or has otherwise than the stub, of those exported declarations that
// the compiler's message about the program names; when it names none of them, which functions have another signature. It explains
// a failed build, and refuses nothing by itself.
func changed(h attempt.Handed, message string) []string {
	if message == "" {
		return nil
	}
	stub, err := h.Exercise.Stub()
	if err != nil {
		return nil
	}
	want, ok := exported([]attempt.File{{Name: h.Exercise.File, Data: stub}})
	have, alsoOK := exported(h.Files)
	if !ok || !alsoOK {
		return nil
	}
	var named, signatures []string
	for _, key := range want.order {
		w, sentence := want.decls[key], ""
		g, there := have.decls[key]
		switch function := strings.HasPrefix(w.text, "func"); {
		case !there:
			sentence = fmt.Sprintf(missing.String(), w.name, w.text)
		case g.shape != w.shape && function:
			sentence = fmt.Sprintf(resigned.String(), w.name, w.text)
			signatures = append(signatures, sentence)
		case g.shape != w.shape:
			sentence = fmt.Sprintf(otherwise.String(), w.name, w.text)
		}
		if sentence != "" && regexp.MustCompile(`\b`+regexp.QuoteMeta(w.name)+`\b`).MatchString(message) {
			named = append(named, sentence)
		}
	}
	if named == nil {
		return signatures // the message is about what came out of a call
	}
	return named
}

type declaration struct{ name, text, shape string } // shape: without what users cannot see, such as names of parameters

type declarations struct {
	decls map[string]declaration
	order []string
}

func (d *declarations) add(key string, decl declaration) {
	d.decls[key] = decl
	d.order = append(d.order, key)
}

// exported collects the exported declarations; not ok if a file cannot be parsed.
func exported(files []attempt.File) (d declarations, ok bool) {
	d.decls = map[string]declaration{}
	for _, f := range files {
		file, err := parser.ParseFile(token.NewFileSet(), f.Name, f.Data, parser.SkipObjectResolution)
		if err != nil {
			return d, false
		}
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				d.function(decl)
			case *ast.GenDecl:
				d.general(decl)
			}
		}
	}
	return d, true
}

func (d *declarations) function(decl *ast.FuncDecl) {
	if !decl.Name.IsExported() {
		return
	}
	text := source(&ast.FuncDecl{Recv: decl.Recv, Name: decl.Name, Type: decl.Type})
	key, shape := decl.Name.Name, "func "+signature(decl.Type)
	if decl.Recv != nil {
		receiver := source(decl.Recv.List[0].Type)
		base, _, _ := strings.Cut(strings.TrimPrefix(receiver, "*"), "[")
		if !ast.IsExported(base) {
			return
		}
		key = base + "." + key // whether of the value or of the pointer: the pointer has both
	}
	d.add(key, declaration{decl.Name.Name, text, shape})
}

// signature is a function's type without the names of its parameters.
func signature(t *ast.FuncType) string {
	types := func(fields *ast.FieldList) string {
		var all []string
		if fields != nil {
			for _, field := range fields.List {
				for range max(1, len(field.Names)) {
					all = append(all, source(field.Type))
				}
			}
		}
		return "(" + strings.Join(all, ", ") + ")"
	}
	params := ""
	if t.TypeParams != nil {
		params = "[" + types(t.TypeParams) + "]"
	}
	return params + types(t.Params) + types(t.Results)
}

func (d *declarations) general(decl *ast.GenDecl) {
	for _, spec := range decl.Specs {
		switch spec := spec.(type) {
		case *ast.TypeSpec:
			if spec.Name.IsExported() {
				d.typeSpec(spec)
			}
		case *ast.ValueSpec:
			for _, name := range spec.Names {
				if name.IsExported() {
					d.add(name.Name, declaration{name.Name, decl.Tok.String() + " " + name.Name, decl.Tok.String()})
				}
			}
		}
	}
}

// typeSpec adds a type. What the learner keeps in a struct is theirs: only its exported fields count, one by one.
func (d *declarations) typeSpec(spec *ast.TypeSpec) {
	name := spec.Name.Name
	fields, ok := spec.Type.(*ast.StructType)
	if !ok {
		d.add(name, declaration{name, "type " + source(spec), source(spec.Type)})
		return
	}
	d.add(name, declaration{name, "type " + name + " struct", "struct"})
	for _, field := range fields.Fields.List {
		for _, id := range field.Names {
			if id.IsExported() {
				d.add(name+"."+id.Name, declaration{id.Name, "field " + id.Name + " " + source(field.Type) + " of " + name, source(field.Type)})
			}
		}
	}
}

var space = regexp.MustCompile(`\s+`)

func source(node ast.Node) string {
	var s strings.Builder
	if printer.Fprint(&s, token.NewFileSet(), node) != nil {
		return ""
	}
	return space.ReplaceAllString(s.String(), " ")
}

// importNames maps the names a file knows packages by to the packages' paths.
func importNames(file *ast.File) map[string]string {
	names := map[string]string{}
	for _, spec := range file.Imports {
		p, err := strconv.Unquote(spec.Path.Value)
		switch {
		case err != nil:
		case spec.Name != nil:
			names[spec.Name.Name] = p
		default:
			names[path.Base(p)] = p
		}
	}
	return names
}
