package kubetest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// speakerOf names a node's speaker: its Pod, its process and its ConfigurationState.
func speakerOf(node string) string { return "speaker-" + node }

// AddSpeaker runs one more speaker, for a node that CreateNode has made.
func (c *Cluster) AddSpeaker(ctx context.Context, node string) error {
	if c.metalLB == "" || !c.chosen.speaks() {
		return errors.New("no MetalLB with a speaker is installed")
	}
	listens, err := c.startSpeaker(ctx, node)
	if err != nil {
		return err
	}
	return c.untilSpeaks(ctx, node, listens)
}

// RemoveSpeaker ends a node's speaker, which ends its BGP sessions, and deletes its Pod with the reports that are the
// Pod's, which the garbage collector of a whole cluster would do. AddSpeaker brings it back.
func (c *Cluster) RemoveSpeaker(ctx context.Context, node string) error {
	speaker := speakerOf(node)
	i := slices.IndexFunc(c.components, func(p *process) bool { return p.name == speaker })
	if i < 0 {
		return fmt.Errorf("no speaker runs on node %s", node)
	}
	c.components[i].stop()
	c.components = slices.Delete(c.components, i, i+1)
	c.speakers--
	if err := c.applyDaemonSet(ctx); err != nil {
		return err
	}
	if err := c.delete(ctx, pods, metalLBNamespace, speaker); err != nil {
		return err
	}
	states := schema.GroupVersionResource{Group: metalLBGroup, Version: "v1beta1", Resource: "configurationstates"}
	if err := c.delete(ctx, states, metalLBNamespace, speaker); err != nil {
		return err
	}
	for _, reports := range []string{"servicebgpstatuses", "servicel2statuses"} {
		resource := schema.GroupVersionResource{Group: metalLBGroup, Version: "v1beta1", Resource: reports}
		err := c.in(resource, metalLBNamespace).DeleteCollection(ctx, metav1.DeleteOptions{},
			metav1.ListOptions{LabelSelector: "metallb.io/node=" + node})
		if err != nil && !apierrors.IsNotFound(err) { // Older releases have no such reports.
			return err
		}
	}
	return nil
}

// SpeakerLog gives the end of what a node's speaker has said, also after RemoveSpeaker.
func (c *Cluster) SpeakerLog(node string) string { return tail(c.dir, speakerOf(node)) }

func (c *Cluster) startSpeaker(ctx context.Context, node string) (listens func(context.Context) error, err error) {
	listens, err = c.startComponent(ctx, c.placeOf(node), "speaker", speakerOf(node), node)
	if err != nil {
		return nil, err
	}
	c.speakers++
	return listens, c.applyDaemonSet(ctx)
}

func (c *Cluster) untilSpeaks(ctx context.Context, node string, listens func(context.Context) error) error {
	return until(ctx, time.Minute, "MetalLB's speaker on "+node+" to listen", listens, c.components...)
}
