//go:build linux

package cli_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/testscript"
)

// The contract of DESIGN.md, field by field. A word stands for its type; several with | between them are all
// values that there are; a list shows what each of its elements is.
const contract = `{"schema":"forklings/result/v1","kit":"text","tier":"namespaces|subreaper","walls":"cgroups|namespaces|landlock|files|mounts|subreaper","score":1,"max_score":1,
 "exercises":[{"name":"text","number":1,"title":"text","status":"pass|fail|todo|error","score":1,"max_score":1,"message":"text",
   "scenarios":[{"name":"text","title":"text","status":"pass|fail|deadlock|timeout|error|skip","score":1,"max_score":1,"mistake":"text","because":"text",
     "expected":"text","actual":"text","file":"text","line":1,"hint":"text","output":"text",
     "timeline":[{"t_us":1,"who":"text","pid":1,"what":"text","detail":"text"}],"seconds":0.5}]}]}`

// json FILE STATUS... says that the file holds a result in the form of the contract, with these statuses of the
// exercises.
func checkJSON(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 1 {
		ts.Fatalf("usage: json FILE STATUS...")
	}
	var want, have any
	ts.Check(json.Unmarshal([]byte(contract), &want))
	if err := json.Unmarshal([]byte(ts.ReadFile(args[0])), &have); err != nil {
		ts.Fatalf("no JSON: %v", err)
	}
	if err := conforms("result", have, want); err != nil {
		ts.Fatalf("%v", err)
	}
	var statuses []string
	for _, e := range have.(map[string]any)["exercises"].([]any) {
		statuses = append(statuses, e.(map[string]any)["status"].(string))
	}
	if !slices.Equal(statuses, args[1:]) {
		ts.Fatalf("statuses %v", statuses)
	}
}

func conforms(at string, have, want any) error {
	if fmt.Sprintf("%T", have) != fmt.Sprintf("%T", want) {
		return fmt.Errorf("%s is %T, not %T", at, have, want)
	}
	switch want := want.(type) {
	case map[string]any:
		have := have.(map[string]any)
		names, wanted := slices.Sorted(maps.Keys(have)), slices.Sorted(maps.Keys(want))
		if !slices.Equal(names, wanted) {
			return fmt.Errorf("%s has the fields %v, not %v", at, names, wanted)
		}
		for _, name := range names {
			if err := conforms(at+"."+name, have[name], want[name]); err != nil {
				return err
			}
		}
	case []any:
		for i, x := range have.([]any) {
			if err := conforms(fmt.Sprintf("%s[%d]", at, i), x, want[0]); err != nil {
				return err
			}
		}
	case float64:
		if have := have.(float64); want == 1 && have != float64(int64(have)) {
			return fmt.Errorf("%s is %v, not a whole number", at, have)
		}
	case string:
		if have := have.(string); want != "text" && !slices.Contains(strings.Split(want, "|"), have) {
			return fmt.Errorf("%s is %q, not one of %s", at, have, want)
		}
	}
	return nil
}
