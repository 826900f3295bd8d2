package program

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"strings"
	"syscall"

	"forklings/checker/syncpoint"
)

// client is one connection to the server.
type client struct {
	*net.TCPConn
	in *bufio.Reader
}

func dial(where string) (*client, error) {
	address, _ := lastAddress(where)
	conn, err := net.Dial("tcp", address)
	if err != nil {
		return nil, err
	}
	c := conn.(*net.TCPConn)
	return &client{c, bufio.NewReader(c)}, nil
}

func mustDial() *client {
	c, err := dial(noted)
	must(err)
	return c
}

func (c *client) send(text string) {
	_, err := io.WriteString(c, text)
	must(err)
}

// line reads one line, or says how the conversation has ended instead.
func (c *client) line() string {
	text, err := c.in.ReadString('\n')
	if err != nil {
		return text + "<" + ending(err) + ">"
	}
	return strings.TrimSuffix(text, "\n")
}

// rest reads to the end, and says what came and how it ended.
func (c *client) rest() string {
	text, err := io.ReadAll(c.in)
	if err == nil {
		err = io.EOF
	}
	return strings.ReplaceAll(string(text), "\n", ", ") + "<" + ending(err) + ">"
}

func ending(err error) string {
	switch {
	case err == io.EOF:
		return "end"
	case errors.Is(err, syscall.ECONNRESET):
		return "reset"
	}
	return err.Error()
}

// converse takes the steps one after the other: it connects, then sends, reads, or comes to a point.
func converse(me syncpoint.Role, steps []string) {
	c := &client{}
	for _, step := range steps {
		verb, text, _ := strings.Cut(step, ":")
		switch verb {
		case "dial", "dial-other":
			where := map[string]string{"dial": noted, "dial-other": notedOther}[verb]
			var err error
			if c, err = dial(where); err != nil {
				me.Say("dial", errors.Is(err, syscall.ECONNREFUSED))
				me.Reach("refused")
				return
			}
		case "at":
			me.Reach(text)
		case "send":
			text, err := strconv.Unquote(`"` + text + `"`)
			must(err)
			c.send(text)
		case "read":
			me.Say("answer", c.line())
			me.Reach("answered")
		case "same":
			text, err := strconv.Unquote(`"` + text + `"`)
			must(err)
			me.Say("same", c.same(text))
			me.Reach("compared")
		case "large":
			me.Say("same", c.same(strings.Repeat("zwölf Boxkämpfer ", 300<<10/19)))
			me.Reach("compared")
		case "half":
			must(c.CloseWrite())
		case "reset": // the server is told by RST instead of FIN (SO_LINGER in socket(7))
			must(c.SetLinger(0))
			must(c.Close())
		case "leave":
			must(c.Close())
		case "end":
			me.Say("rest", c.rest())
			me.Reach("ended")
		default:
			must(fmt.Errorf("tcp-server: no step %q", step))
		}
	}
}

// same sends a line, and compares what comes back.
func (c *client) same(text string) bool {
	go c.send(text + "\n")
	return c.line() == strings.ToUpper(text)
}

// crowd has 20 conversations at once.
func crowd(me syncpoint.Role) {
	all := make([]*client, 20)
	for i := range all {
		all[i] = mustDial()
	}
	me.Reach("connected")
	for i, c := range all {
		c.send(fmt.Sprintf("quick hello from %d\n", i))
	}
	right := 0
	for i, c := range all {
		if c.line() == fmt.Sprintf("QUICK HELLO FROM %d", i) {
			right++
		}
	}
	me.Say("right", right)
	me.Reach("answered")
	for _, c := range all {
		c.send("q\n")
	}
	ended := 0
	for _, c := range all {
		if c.rest() == "<end>" {
			ended++
		}
	}
	me.Say("ended", ended)
	me.Reach("ended")
}

// row has n conversations one after the other, and may be held after each 50: handlers may take their time to end.
func row(me syncpoint.Role, n int) {
	right := 0
	for i := range n {
		if i > 0 && i%50 == 0 {
			me.Reach("rested")
		}
		c := mustDial()
		c.send(fmt.Sprintf("quick number %d\nq\n", i))
		if c.rest() == fmt.Sprintf("QUICK NUMBER %d, <end>", i) {
			right++
		}
		must(c.Close())
	}
	me.Say("right", right == n)
	me.Reach("ended")
}
