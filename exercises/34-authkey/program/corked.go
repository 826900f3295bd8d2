package program

import (
	"net"
	"sync"
)

// corked is the listener's connection. What it says goes out when it listens, and what it says last together with the line behind the
// handshake: whoever reads on behind the last word always takes some of that, and not only when it has come by then. It has the
// methods of a net.Conn and no others, so that nothing overtakes what is kept.
type corked struct {
	net.Conn
	mutex sync.Mutex
	kept  []byte
	reads int  // that are under way
	open  bool // nothing is kept any more
}

func (c *corked) Read(b []byte) (int, error) {
	c.mutex.Lock()
	c.reads++
	c.flush()
	c.mutex.Unlock()
	defer func() {
		c.mutex.Lock()
		c.reads--
		c.mutex.Unlock()
	}()
	return c.Conn.Read(b)
}

func (c *corked) Write(b []byte) (int, error) {
	c.mutex.Lock()
	if !c.open && c.reads == 0 {
		defer c.mutex.Unlock()
		c.kept = append(c.kept, b...)
		return len(b), nil
	}
	c.mutex.Unlock()
	return c.Conn.Write(b)
}

// uncork is called at the handshake's end.
func (c *corked) uncork() {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	c.flush()
	c.open = true
}

// flush says what was kept. When nobody hears it any more, a read tells.
func (c *corked) flush() {
	if len(c.kept) > 0 {
		c.Conn.Write(c.kept)
		c.kept = nil
	}
}
