package program

import (
	"fmt"
	"sync"
	"syscall"

	"forklings/checker/syncpoint"
)

// broken plays handshakes with somebody who has another key, over connections that break: at the first write or read of one
// side, at the second one, and so on. It tells when that side accepted, which nobody has proved anything to.
func broken(me syncpoint.Role) {
	accepted := "nothing"
	for side, name := range []string{"Accept", "Connect"} {
		for _, what := range []string{"write", "read"} {
			for n := 1; n < 1000; n++ {
				a := newArena()
				c := &breaking{end: end{a, side}, what: what, left: n}
				var other sync.WaitGroup
				other.Go(func() {
					e := end{a, 1 - side}
					shakeAs(1-side, e, keys["other"])
					e.close()
				})
				err := shakeAs(side, c, keys["right"])
				c.close()
				other.Wait()
				if err == nil && accepted == "nothing" {
					accepted = fmt.Sprintf("%s, whose %s number %d had failed", name, what, n)
				}
				if c.left > 0 {
					break
				}
			}
		}
	}
	me.Say("accepted", accepted)
	me.Reach("tried")
}

// breaking is an end of a connection whose other side is gone at its n-th read or write.
type breaking struct {
	end
	what  string
	mutex sync.Mutex
	left  int // until then
}

func (b *breaking) Read(p []byte) (int, error) {
	if b.breaks("read") {
		return 0, syscall.ECONNRESET
	}
	return b.end.Read(p)
}

func (b *breaking) Write(p []byte) (int, error) {
	if b.breaks("write") {
		return 0, syscall.EPIPE
	}
	return b.end.Write(p)
}

func (b *breaking) breaks(what string) bool {
	b.mutex.Lock()
	defer b.mutex.Unlock()
	if what == b.what && b.left > 0 {
		if b.left--; b.left == 0 {
			b.end.close()
		}
	}
	return b.left == 0
}
