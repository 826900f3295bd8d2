// Start calls the function.
package isolation

import (
	"errors"
	"io"
)

type Child struct{ messages chan string }

var functions = map[string]func(state any, send func(string)){}

func Register[S any](name string, f func(state *S, send func(message string))) {
	functions[name] = func(state any, send func(string)) { f(state.(*S), send) }
}

func Main() {}

func Start[S any](name string, state *S) (*Child, error) {
	f := functions[name]
	if f == nil {
		return nil, errors.New("no function " + name)
	}
	c := &Child{make(chan string, 100)}
	defer close(c.messages)
	f(state, func(message string) { c.messages <- message })
	return c, nil
}

func (c *Child) Receive() (message string, err error) {
	message, ok := <-c.messages
	if !ok {
		return "", io.EOF
	}
	return message, nil
}
