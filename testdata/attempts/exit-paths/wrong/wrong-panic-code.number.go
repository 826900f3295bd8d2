// Exit panics with the code, so a number that the body panics with is taken for one.

package exitpaths

import (
	"bufio"
	"fmt"
	"io"
	"log"
	"os"
)

type leave struct{ code int }

var (
	out    = bufio.NewWriterSize(os.Stdout, 1<<20)
	chain  = func() {}
	status struct {
		code int
		set  bool
	}
)

func Run(body func()) {
	status.code = try(body, func(v any) int {
		log.New(os.Stderr, "", 0).Printf("the body has failed with %v", v)
		return 2
	})
	status.set = true
	c := chain
	c()
	out.Flush()
	os.Exit(status.code)
}

// try calls f; a Exit in it gives its code.
func try(f func(), failed func(any) int) (code int) {
	done := false
	defer func() {
		v := recover()
		if done {
			return
		}
		if l, ok := v.(int); ok {
			code = l
			return
		}
		code = failed(v)
	}()
	f()
	done = true
	return 0
}

func AtExit(h func()) {
	next := chain
	chain = func() {
		try(h, func(v any) int {
			io.WriteString(os.Stderr, fmt.Sprintf("exit handler failed: %v\n", v))
			return 0
		})
		next()
	}
}

func Print(text string) { out.WriteString(text) }

func Exit(code int) { panic(code) }

func HardExit(code int) { os.Exit(code) }
