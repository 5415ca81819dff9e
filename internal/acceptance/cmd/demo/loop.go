package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/lab"
)

// times are how long after the apply began what it is for was there.
type times struct {
	session, sessions, route, page time.Duration
}

// watch looks at the router and asks for the page while Terraform applies, and ends when all is there.
func (d *demo) watch(ctx context.Context) <-chan error {
	done := make(chan error, 1)
	begun := time.Now()
	wait := func(at *time.Duration, look func() error) error {
		_, err := lab.Await(ctx, look)
		*at = time.Since(begun)
		return err
	}
	go func() {
		err := wait(&d.times.session, func() error { return d.established(1) })
		if err == nil {
			err = wait(&d.times.route, func() error { _, err := d.gateway(); return err })
		}
		if err == nil && d.lab.NoForwarding == "" {
			err = wait(&d.times.page, func() error { _, err := d.lab.Get(ctx, page); return err })
		}
		if err == nil {
			err = wait(&d.times.sessions, func() error { return d.established(len(lab.Workers)) })
		}
		done <- err
	}()
	return done
}

// established tells why there are not that many sessions.
func (d *demo) established(wanted int) error {
	up := 0
	for _, session := range d.lab.Router.Print("/routing/bgp/session") {
		if session["established"] == "true" {
			up++
		}
	}
	if up < wanted {
		return fmt.Errorf("%d sessions are established", up)
	}
	return nil
}

// gateway is where the router sends what is for the load balancer's address.
func (d *demo) gateway() (string, error) {
	for _, route := range d.lab.Router.Print("/routing/route") {
		if _, active := route["active"]; active && route["dst-address"] == "192.168.128.1/32" {
			return route["gateway"], nil
		}
	}
	return "", errors.New("the router knows no way to 192.168.128.1")
}

func (d *demo) showTimes() error {
	for _, t := range []struct {
		what string
		at   time.Duration
	}{
		{"the first session of a MetalLB speaker with the router", d.times.session},
		{"the router's route to 192.168.128.1", d.times.route},
		{"the page", d.times.page},
		{"all four sessions", d.times.sessions},
	} {
		if t.at > 0 {
			fmt.Printf("%5.2fs after terraform began: %s\n", t.at.Seconds(), t.what)
		}
	}
	return errors.Join(d.read(""), d.lab.Router.Failure())
}

// drain ends the speaker of the node that the router sends to.
func (d *demo) drain() error {
	old, err := d.gateway()
	if err != nil {
		return err
	}
	var gone string
	for name, address := range lab.Workers {
		if address == old {
			gone = name
		}
	}
	fmt.Printf("the route goes by %s, which is %s\n", old, gone)
	if err := d.lab.Cluster.RemoveSpeaker(d.ctx, gone); err != nil {
		return err
	}
	var now string
	took, err := lab.Await(d.ctx, func() (err error) {
		if now, err = d.gateway(); err == nil && now == old {
			err = errors.New("the route still goes by " + old)
		}
		return err
	})
	if err != nil {
		return err
	}
	fmt.Printf("%.2fs later it goes by %s\n", took.Seconds(), now)
	_, err = lab.Await(d.ctx, func() error { return d.read(gone) })
	return err
}

// read asks for the page, where the machine forwards, which another node than that one has to answer: the menu has a route
// a moment before packets go by it.
func (d *demo) read(except string) error {
	if d.lab.NoForwarding != "" {
		fmt.Println("nobody asks for the page: this machine does not forward")
		return nil
	}
	answer, err := d.lab.Get(d.ctx, page)
	if err != nil {
		return err
	}
	if except != "" && strings.Contains(answer, except) {
		return fmt.Errorf("it is still %s that answers", except)
	}
	fmt.Printf("GET %s from %s: %s", page, lab.Client, answer)
	return nil
}
