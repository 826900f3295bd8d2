// Walks the fields itself, and no Marshal method is asked; each value in gob by its kind.
package runner

import (
	"bytes"
	"encoding/gob"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"reflect"
)

type Runner interface{ Run() }

type Process struct {
	r   Runner
	cmd *exec.Cmd
}

var types = map[string]reflect.Type{}

func Register(prototype Runner) {
	t := reflect.TypeOf(prototype).Elem()
	types[t.PkgPath()+"."+t.Name()] = t
}

func Main() {
	t, ok := types[os.Getenv("RUNNER_TYPE")]
	if !ok {
		return
	}
	os.Unsetenv("RUNNER_TYPE")
	r := reflect.New(t).Interface().(Runner)
	if err := get(gob.NewDecoder(os.Stdin), reflect.ValueOf(r).Elem()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	r.Run()
	os.Exit(0)
}

func put(enc *gob.Encoder, v reflect.Value) error {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if !v.Type().Field(i).IsExported() {
				continue
			}
			if err := put(enc, v.Field(i)); err != nil {
				return err
			}
		}
		return nil
	case reflect.String:
		return enc.Encode(v.String())
	}
	return enc.EncodeValue(v)
}

func get(dec *gob.Decoder, v reflect.Value) error {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			if !v.Type().Field(i).IsExported() {
				continue
			}
			if err := get(dec, v.Field(i)); err != nil {
				return err
			}
		}
		return nil
	case reflect.String:
		var s string
		err := dec.Decode(&s)
		v.SetString(s)
		return err
	}
	return dec.DecodeValue(v.Addr())
}

func New(r Runner) *Process { return &Process{r: r} }

func (p *Process) Start() error {
	t := reflect.TypeOf(p.r).Elem()
	name := t.PkgPath() + "." + t.Name()
	if types[name] == nil {
		return fmt.Errorf("%s is not registered", name)
	}
	exe, err := os.Executable()
	if err != nil {
		return err
	}
	var fields bytes.Buffer
	enc := gob.NewEncoder(&fields)
	if err := put(enc, reflect.ValueOf(p.r).Elem()); err != nil {
		return err
	}
	cmd := exec.Command(exe)
	cmd.Env = append(os.Environ(), "RUNNER_TYPE="+name)
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		return err
	}
	defer in.Close()
	if err := cmd.Start(); err != nil {
		return err
	}
	p.cmd = cmd
	_, err = in.Write(fields.Bytes())
	return err
}

func (p *Process) Join() error {
	if p.cmd == nil {
		return errors.New("not started")
	}
	return p.cmd.Wait()
}
