// Package netns makes network namespaces for a program's own use, and the links between them: routers, nodes and an
// internet on one machine, of which nothing outside of the program knows. A namespace has no name, and is gone when it
// is closed, or with the program. It takes the right to make namespaces, see kubetest.Isolate.
package netns

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"runtime"

	"github.com/vishvananda/netlink"
	"github.com/vishvananda/netns"
)

// Namespace is a network namespace. The nil one is that of the program.
type Namespace struct{ handle netns.NsHandle }

// The program's first thread ends with the program only: whatever namespace it were in would stay, and be what the
// system takes for the program's. So main keeps it, and what enters a namespace here is always another one.
func init() { runtime.LockOSThread() }

// New makes a namespace whose loopback interface is up.
func New() (*Namespace, error) {
	n := &Namespace{netns.None()}
	err := onThread(func() (err error) {
		n.handle, err = netns.New()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("making a network namespace: %w", err)
	}
	if err := n.Up("lo"); err != nil {
		return nil, errors.Join(err, n.Close())
	}
	return n, nil
}

// Close lets the namespace go, once no process is in it and no socket of it is open any more. Links to others go too.
func (n *Namespace) Close() error {
	if n == nil || !n.handle.IsOpen() {
		return nil
	}
	return n.handle.Close()
}

// Do runs f in the namespace, on a thread of its own. Sockets that f opens stay in the namespace wherever they are used
// later; goroutines that f starts are not in it.
func (n *Namespace) Do(f func() error) error {
	if n == nil {
		return f()
	}
	return onThread(func() error {
		if err := n.Enter(); err != nil {
			return err
		}
		return f()
	})
}

// Go starts f in the namespace, on a thread of its own, and does not wait for it: it is for what serves there.
func (n *Namespace) Go(f func()) error {
	entered := make(chan error)
	go func() {
		runtime.LockOSThread() // for good, see Enter
		err := n.Enter()
		entered <- err
		if err == nil {
			f()
		}
	}()
	return <-entered
}

// Enter puts the calling thread into the namespace, and with it the processes that it starts. The goroutine must have
// locked it, for good: other goroutines may not get such a thread.
func (n *Namespace) Enter() error {
	if n == nil {
		return nil
	}
	if err := netns.Set(n.handle); err != nil {
		return fmt.Errorf("entering a network namespace: %w", err)
	}
	return nil
}

// onThread runs f on a thread that ends with it.
func onThread(f func() error) error {
	done := make(chan error)
	go func() {
		runtime.LockOSThread() // Never unlocked: a thread that has changed its namespace is of no other use.
		done <- f()
	}()
	return <-done
}

// Listen listens on a TCP address of the namespace.
func (n *Namespace) Listen(address string) (l net.Listener, err error) {
	err = n.Do(func() (err error) {
		l, err = net.Listen("tcp", address)
		return err
	})
	return l, err
}

// Dial opens a TCP connection from the namespace to an address, which is no name.
func (n *Namespace) Dial(ctx context.Context, address string) (conn net.Conn, err error) {
	err = n.Do(func() (err error) {
		conn, err = new(net.Dialer).DialContext(ctx, "tcp", address)
		return err
	})
	return conn, err
}

// Up brings an interface up.
func (n *Namespace) Up(link string) error { return n.Do(func() error { return up(link) }) }

// Connect makes a cable between an interface here and one of another namespace, both of which are made and up.
func (n *Namespace) Connect(here string, other *Namespace, there string) error {
	target, err := other.fd()
	if err != nil {
		return err
	}
	if other == nil {
		defer func() { _ = target.Close() }()
	}
	err = n.Do(func() error {
		cable := &netlink.Veth{LinkAttrs: netlink.LinkAttrs{Name: here}, PeerName: there, PeerNamespace: netlink.NsFd(target)}
		if err := netlink.LinkAdd(cable); err != nil {
			return fmt.Errorf("making the interfaces %s and %s: %w", here, there, err)
		}
		return up(here)
	})
	if err != nil {
		return err
	}
	return other.Up(there)
}

func (n *Namespace) fd() (netns.NsHandle, error) {
	if n != nil {
		return n.handle, nil
	}
	return netns.Get()
}

// Remove takes an interface away at once, with the cable that it is an end of. Without it a cable stays until its other
// namespace is gone, which is some time after that was closed.
func (n *Namespace) Remove(link string) error {
	return n.Do(func() error {
		l, err := netlink.LinkByName(link)
		if err == nil {
			err = netlink.LinkDel(l)
		}
		if err != nil {
			return fmt.Errorf("removing the interface %s: %w", link, err)
		}
		return nil
	})
}

// Bridge makes a switch out of interfaces that exist. An address of the switch is one of all of them.
func (n *Namespace) Bridge(name string, ports ...string) error {
	return n.Do(func() error {
		bridge := &netlink.Bridge{LinkAttrs: netlink.LinkAttrs{Name: name}}
		if err := netlink.LinkAdd(bridge); err != nil {
			return fmt.Errorf("making the bridge %s: %w", name, err)
		}
		for _, port := range ports {
			link, err := netlink.LinkByName(port)
			if err != nil {
				return fmt.Errorf("%s: %w", port, err)
			}
			if err := netlink.LinkSetMaster(link, bridge); err != nil {
				return fmt.Errorf("%s: %w", port, err)
			}
		}
		return up(name)
	})
}

// Address gives an interface an address, with the length of its network: "192.168.5.1/24".
func (n *Namespace) Address(link, address string) error {
	return n.Do(func() error {
		parsed, err := netlink.ParseAddr(address)
		if err != nil {
			return err
		}
		if parsed.IP.To4() == nil {
			parsed.Flags = noDAD
		}
		l, err := netlink.LinkByName(link)
		if err == nil {
			err = netlink.AddrAdd(l, parsed)
		}
		if err != nil {
			return fmt.Errorf("giving %s the address %s: %w", link, address, err)
		}
		return nil
	})
}

// Route sends what is for a network to a gateway.
func (n *Namespace) Route(network netip.Prefix, gateway netip.Addr) error {
	return n.Do(func() error {
		route := &netlink.Route{Dst: Network(network), Gw: gateway.AsSlice()}
		if err := netlink.RouteReplace(route); err != nil {
			return fmt.Errorf("routing %s to %s: %w", network, gateway, err)
		}
		return nil
	})
}

// Way tells where what is sent to an address goes first: the neighbour, which is the address itself if it is on a network
// here, and the interface. An error says that there is no way.
func (n *Namespace) Way(to netip.Addr) (neighbour netip.Addr, link string, err error) {
	err = n.Do(func() error {
		routes, err := netlink.RouteGet(to.AsSlice())
		if err == nil && len(routes) == 0 {
			err = errors.New("no route")
		}
		if err != nil {
			return fmt.Errorf("the way to %s: %w", to, err)
		}
		if neighbour = to; routes[0].Gw != nil {
			via, _ := netip.AddrFromSlice(routes[0].Gw)
			neighbour = via.Unmap()
		}
		there, err := netlink.LinkByIndex(routes[0].LinkIndex)
		if err != nil {
			return fmt.Errorf("the way to %s: %w", to, err)
		}
		link = there.Attrs().Name
		return nil
	})
	return neighbour, link, err
}

// Network is a prefix as netlink has it.
func Network(p netip.Prefix) *net.IPNet {
	return &net.IPNet{IP: p.Masked().Addr().AsSlice(), Mask: net.CIDRMask(p.Bits(), p.Addr().BitLen())}
}

// noDAD is IFA_F_NODAD of Linux: an address is usable at once, since nobody else is there who might have it.
const noDAD = 0x02

func up(name string) error {
	link, err := netlink.LinkByName(name)
	if err == nil {
		err = netlink.LinkSetUp(link)
	}
	if err != nil {
		return fmt.Errorf("bringing up %s: %w", name, err)
	}
	return nil
}
