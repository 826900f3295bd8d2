// Walks the fields, and knows of the integers only int, int64 and uint64.
package runner

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"reflect"
	"syscall"
	"unsafe"
)

type Runner interface{ Run() }

type Process struct {
	r     Runner
	pid   int
	pidfd int
}

var byName = map[string]reflect.Type{}

func name(t reflect.Type) string { return t.PkgPath() + "." + t.Name() }

func Register(p Runner) { t := reflect.TypeOf(p).Elem(); byName[name(t)] = t }

func put(b *bytes.Buffer, v reflect.Value) {
	u := func(n uint64) { binary.Write(b, binary.LittleEndian, n) }
	switch v.Kind() {
	case reflect.String:
		u(uint64(v.Len()))
		b.WriteString(v.String())
	case reflect.Bool:
		if v.Bool() {
			u(1)
		} else {
			u(0)
		}
	case reflect.Int, reflect.Int64:
		u(uint64(v.Int()))
	case reflect.Uint64:
		u(v.Uint())
	case reflect.Slice:
		u(uint64(v.Len()))
		if v.Type().Elem().Kind() == reflect.Uint8 {
			b.Write(v.Bytes())
			return
		}
		for i := range v.Len() {
			put(b, v.Index(i))
		}
	case reflect.Map:
		u(uint64(v.Len()))
		for it := v.MapRange(); it.Next(); {
			put(b, it.Key())
			put(b, it.Value())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				put(b, v.Field(i))
			}
		}
	}
}

func get(b *bytes.Buffer, v reflect.Value) {
	u := func() uint64 { return binary.LittleEndian.Uint64(b.Next(8)) }
	switch v.Kind() {
	case reflect.String:
		v.SetString(string(b.Next(int(u()))))
	case reflect.Bool:
		v.SetBool(u() == 1)
	case reflect.Int, reflect.Int64:
		v.SetInt(int64(u()))
	case reflect.Uint64:
		v.SetUint(u())
	case reflect.Slice:
		n := int(u())
		v.Set(reflect.MakeSlice(v.Type(), n, n))
		if v.Type().Elem().Kind() == reflect.Uint8 {
			copy(v.Bytes(), b.Next(n))
			return
		}
		for i := range n {
			get(b, v.Index(i))
		}
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		for n := u(); n > 0; n-- {
			k, e := reflect.New(v.Type().Key()).Elem(), reflect.New(v.Type().Elem()).Elem()
			get(b, k)
			get(b, e)
			v.SetMapIndex(k, e)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				get(b, v.Field(i))
			}
		}
	}
}

const mark = "the child of a runner"

func Main() {
	if os.Args[0] != mark {
		return
	}
	data, err := os.ReadFile(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Remove(os.Args[1])
	v := reflect.New(byName[os.Args[2]])
	get(bytes.NewBuffer(data), v.Elem())
	exe, _ := os.Executable()
	os.Args = []string{exe}
	v.Interface().(Runner).Run()
	os.Exit(0)
}

func New(r Runner) *Process { return &Process{r: r} }

func (p *Process) Start() error {
	v := reflect.ValueOf(p.r)
	if v.Kind() != reflect.Pointer || byName[name(v.Type().Elem())] != v.Type().Elem() {
		return errors.New("unknown")
	}
	var b bytes.Buffer
	put(&b, v.Elem())
	f, err := os.CreateTemp("", "runner")
	if err != nil {
		return err
	}
	defer f.Close()
	if _, err := f.Write(b.Bytes()); err != nil {
		os.Remove(f.Name())
		return err
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	pid, err := syscall.ForkExec(exe, []string{mark, f.Name(), name(v.Type().Elem())}, &syscall.ProcAttr{Env: os.Environ(), Files: []uintptr{0, 1, 2}, Sys: &syscall.SysProcAttr{PidFD: &p.pidfd}})
	if err != nil {
		os.Remove(f.Name())
		return err
	}
	p.pid = pid
	return nil
}

func (p *Process) Join() error {
	if p.pid == 0 {
		return errors.New("not started")
	}
	defer syscall.Close(p.pidfd)
	pfd := struct {
		fd int32
		ev int16
		re int16
	}{int32(p.pidfd), 1, 0}
	for {
		if _, _, e := syscall.Syscall(syscall.SYS_POLL, uintptr(unsafe.Pointer(&pfd)), 1, ^uintptr(0)); e == 0 {
			break
		} else if e != syscall.EINTR {
			return e
		}
	}
	var ws syscall.WaitStatus
	if _, err := syscall.Wait4(p.pid, &ws, 0, nil); err != nil {
		return err
	}
	if !ws.Exited() || ws.ExitStatus() != 0 {
		return fmt.Errorf("%#x", ws)
	}
	return nil
}
