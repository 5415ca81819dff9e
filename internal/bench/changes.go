package main

import (
	"errors"
	"fmt"
)

// parallelism is how many objects Terraform applies at once.
const parallelism = 10

// changes measures applies that create all objects, and applies that destroy them.
func changes(b *bench) (section, error) {
	var creates, destroys []*cell
	for _, l := range b.changes {
		if !b.wants(fmt.Sprintf("change/%d/%s", l.objects, inMilliseconds(l.latency))) {
			continue
		}
		create, destroy, err := b.changed(l)
		if err != nil {
			return section{}, err
		}
		creates, destroys = append(creates, create), append(destroys, destroy)
	}
	s := section{title: "Create and destroy", targets: changeTargets(creates, destroys)}
	if creates == nil {
		return s, nil
	}
	s.text = "`terraform apply` from nothing, and `terraform apply -destroy`. There are no figures of 5000 objects: Terraform copies its " +
		"whole state for each object that it applies, so that its own time, as the floor shows, grows with the square of their number."
	s.tables = []table{
		times("Seconds to create:", creates), times("Seconds to destroy:", destroys),
		costs("What it cost to create:", byLoad, creates, floor, ours, peer), costs("What it cost to destroy:", byLoad, destroys, floor, ours, peer),
	}
	return s, nil
}

func (b *bench) changed(l load) (create, destroy *cell, err error) {
	var all []*workspace
	defer func() { err = errors.Join(err, closeAll(all)) }()
	for _, s := range b.subjectsAt(l.latency) {
		w, err := b.workspace(s, l)
		all = append(all, w)
		if err != nil {
			return nil, nil, err
		}
	}
	create, destroy = newCell("create", l), newCell("destroy", l)
	for range b.runs {
		for _, w := range all {
			if w.lost {
				if err := w.renew(); err != nil {
					return nil, nil, err
				}
			}
		}
		if err := create.turn(all, (*workspace).create); err != nil {
			return nil, nil, err
		}
		if err := destroy.turn(all, (*workspace).destroy); err != nil {
			return nil, nil, err
		}
	}
	return create, destroy, nil
}

func changeTargets(creates, destroys []*cell) (all []target) {
	trips := float64(many) / parallelism * usual.Seconds()
	for i, cells := range [][]*cell{creates, destroys} {
		work, c := []string{"create", "destroy"}[i], find(cells, many, usual)
		all = append(all,
			limit(work+" beside the peer", work+" of 1000 rules at 5 ms ÷ the peer's", c.compare(ours, peer, over), "%.2f", 1, false),
			limit(work, fmt.Sprintf("%s of 1000 rules at 5 ms ÷ (floor + 1000 commands, %d at once)", work, parallelism),
				c.compare(ours, floor, func(ours, floor float64) float64 { return ours / (floor + trips) }), "%.2f", 1.5, false))
	}
	return all
}
