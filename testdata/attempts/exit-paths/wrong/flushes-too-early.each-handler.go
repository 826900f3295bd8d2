// The buffer is written after every handler.
package exitpaths

import (
	"bytes"
	"fmt"
	"os"
)

type leave int

var (
	handlers []func()
	buf      bytes.Buffer
)

// The panic of the body is left to the runtime: it tells it and exits 2.
func Run(body func()) {
	code := 0
	defer func() {
		v := recover()
		if c, ok := v.(leave); ok {
			code, v = int(c), nil
		}
		for i := len(handlers) - 1; i >= 0; i-- {
			one(handlers[i])
			os.Stdout.Write(buf.Bytes())
			buf.Reset()
		}
		os.Stdout.Write(buf.Bytes())
		if v != nil {
			panic(v)
		}
		os.Exit(code)
	}()
	body()
}

func one(h func()) {
	defer func() {
		v := recover()
		if _, ok := v.(leave); !ok && v != nil {
			fmt.Fprintln(os.Stderr, "exit handler failed:", v)
		}
	}()
	h()
}

func AtExit(h func())   { handlers = append(handlers, h) }
func Print(text string) { buf.WriteString(text) }
func Exit(code int)     { panic(leave(code)) }
func HardExit(code int) { os.Exit(code) }
