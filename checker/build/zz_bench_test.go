package build

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"

	"forklings/checker/attempt"
	"forklings/checker/kit"
)

func TestZZBench(t *testing.T) {
	root := "/tmp/exp/kit"
	k, err := kit.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	src, _ := os.ReadFile(filepath.Join(root, "exercises/10-e10/e10.go"))
	n := 0
	variant := func() []byte {
		n++
		return []byte(strings.Replace(string(src), "not started", fmt.Sprint("not started ", time.Now().UnixNano(), n), 1))
	}
	dir := t.TempDir()
	var ours, plain, all []float64
	for i := 0; i < 16; i++ {
		f := filepath.Join(dir, "x.go")
		os.WriteFile(f, variant(), 0o666)
		s := time.Now()
		h := attempt.Single(k.Exercises[0], f)
		p, err := Programs(t.Context(), k, dir, []attempt.Handed{h})
		if err != nil || p.Binary == "" {
			t.Fatal(err, p)
		}
		ours = append(ours, time.Since(s).Seconds()*1000)
		os.WriteFile(filepath.Join(root, "exercises/10-e10/e10.go"), variant(), 0o666)
		s = time.Now()
		c := exec.Command("go", "build", "-o", filepath.Join(dir, "plain"), "./cmd/programs")
		c.Dir = root
		c.Env = append(c.Environ(), "CGO_ENABLED=0")
		if out, err := c.CombinedOutput(); err != nil {
			t.Fatal(err, string(out))
		}
		plain = append(plain, time.Since(s).Seconds()*1000)
		var hs []attempt.Handed
		for _, e := range k.Exercises {
			hs = append(hs, attempt.Single(e, filepath.Join(e.Dir, e.File)))
		}
		os.WriteFile(filepath.Join(root, "exercises/10-e10/e10.go"), variant(), 0o666)
		s = time.Now()
		if p, err = Programs(t.Context(), k, dir, hs); err != nil || len(p.Broken) > 0 {
			t.Fatal(err, p)
		}
		all = append(all, time.Since(s).Seconds()*1000)
	}
	os.WriteFile(filepath.Join(root, "exercises/10-e10/e10.go"), src, 0o666)
	for name, x := range map[string][]float64{"ours one": ours, "plain go build of cmd/programs": plain, "all 30, one changed": all} {
		x = x[1:]
		sort.Float64s(x)
		fmt.Printf("%s: min %.0f median %.0f max %.0f ms\n", name, x[0], x[len(x)/2], x[len(x)-1])
	}
}
