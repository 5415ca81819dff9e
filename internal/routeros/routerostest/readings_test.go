package routerostest

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"testing"
)

// functions are the functions of a file, by name.
func functions(t *testing.T, file string) map[string]*ast.FuncDecl {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	found := map[string]*ast.FuncDecl{}
	for _, d := range parsed.Decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil {
			found[f.Name.Name] = f
		}
	}
	return found
}

// TestReadingsAreAll: every option of quirks.go is among the readings; one that says yes or no is there both ways.
func TestReadingsAreAll(t *testing.T) {
	calls := map[string][]string{}
	ast.Inspect(functions(t, "readings.go")["Readings"], func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			if f, ok := call.Fun.(*ast.Ident); ok {
				said := ""
				if len(call.Args) == 1 {
					if word, ok := call.Args[0].(*ast.Ident); ok {
						said = word.Name
					}
				}
				calls[f.Name] = append(calls[f.Name], said)
			}
		}
		return true
	})
	options := 0
	for name, f := range functions(t, "quirks.go") {
		if !f.Name.IsExported() {
			continue
		}
		options++
		want := []string{""}
		if len(f.Type.Params.List) > 0 {
			want = []string{"true", "false"}
		}
		for _, said := range want {
			if !slices.Contains(calls[name], said) {
				t.Errorf("Readings lacks %s(%s)", name, said)
			}
		}
	}
	if options < 20 {
		t.Errorf("%d options in quirks.go", options)
	}
}

// TestReadings: each has a name of its own, and routers of all kinds start with it.
func TestReadings(t *testing.T) {
	names := map[string]bool{}
	for _, reading := range Readings() {
		for _, version := range []string{"6.49.15", "7.9.2", "7.19.6", "7.24"} {
			StartTest(t, version, reading.Options...)
		}
		if names[reading.Name] {
			t.Errorf("two readings are called %q", reading.Name)
		}
		names[reading.Name] = true
	}
}

func TestQuirkTextsAndFlags(t *testing.T) {
	r := StartTest(t, "7.20.8", OtherTexts(), DuplicateNames(false), PlainAbout(), AbsentFlags(), RefuseEmpty())
	addConnection(t, r)
	refused(t, r, "failure: item with such name already exists", connectionMenu+"/add", "=name=c", "=instance=i", "=local.role=ebgp")
	refused(t, r, "no such item (4)", connectionMenu+"/remove", "=.id=*9")
	if row := r.Print(connectionMenu)[0]; row["inactive"] != "" {
		t.Error(row)
	}
	run(t, r, "", instanceMenu+"/set", "=.id=i", "=router-id=0.0.0.0")
	if row := r.Print(connectionMenu)[0]; row["inactive"] != "true" || row["about"] == "" || row[".about"] != "" {
		t.Error(row)
	}
	refused(t, r, "invalid value for argument dst-port", natMenu+"/add", "=chain=dstnat", "=protocol=tcp", "=dst-port=")
	run(t, r, "", natMenu+"/add", "=chain=dstnat", "=comment=", "=log-prefix=")
	if row := r.Print(natMenu)[0]; row["invalid"] != "" || row["dynamic"] != "" {
		t.Error(row)
	}
	r = StartTest(t, "7.20.8")
	run(t, r, "", natMenu+"/add", "=chain=dstnat", "=protocol=tcp", "=dst-port=")
	if port, there := r.Print(natMenu)[0]["dst-port"]; !there || port != "" {
		t.Error("no empty dst-port")
	}
}
