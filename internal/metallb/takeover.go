package metallb

import (
	"context"
	"fmt"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube"
)

// takeOver makes an object ours that was never applied from here: it was imported or moved from another tool's
// state, or an older release of this provider wrote it. Server-side apply would otherwise leave its fields with their
// first writers, who are gone: what is then left out of the configuration would stay, and what is changed be contested.
// Only what was or is configured here changes hands, and nothing of those who go on to write what a repository says.
func (s *crdStore) takeOver(ctx context.Context, prior, want *Object, found *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	entries := found.GetManagedFields()
	ours := &fieldpath.Set{}
	var rest []metav1.ManagedFieldsEntry
	for _, entry := range entries {
		if entry.Manager == kube.FieldManager && entry.Operation == metav1.ManagedFieldsOperationApply && entry.Subresource == "" {
			return found, nil
		}
		if entry.Subresource == "" && entry.FieldsV1 != nil && (s.config.ForceConflicts || !kube.Reconciles(entry.Manager)) {
			had := &fieldpath.Set{}
			if err := had.FromJSON(entry.FieldsV1.GetRawReader()); err != nil {
				return nil, fmt.Errorf("the managed fields of %s: %w", found.GetName(), err)
			}
			taken := configured(prior, want, had)
			ours = ours.Union(taken)
			left := had.Difference(taken)
			if left.Empty() {
				continue
			}
			text, err := left.ToJSON()
			if err != nil {
				return nil, err
			}
			entry.FieldsV1 = metav1.NewFieldsV1(string(text))
		}
		rest = append(rest, entry)
	}
	text, err := ours.ToJSON()
	if err != nil {
		return nil, err
	}
	now := metav1.Now()
	rest = append(rest, metav1.ManagedFieldsEntry{
		Manager: kube.FieldManager, Operation: metav1.ManagedFieldsOperationApply, APIVersion: found.GetAPIVersion(), Time: &now,
		FieldsType: "FieldsV1", FieldsV1: metav1.NewFieldsV1(string(text)),
	})
	// Nobody may have written it in between: the resource version says so.
	return s.cluster.Merge(ctx, resourceOf(want.Kind), found.GetNamespace(), found.GetName(), map[string]any{
		"metadata": map[string]any{"managedFields": rest, "resourceVersion": found.GetResourceVersion()},
	})
}

// configured is that part of a set of fields which is in the spec of either object.
func configured(prior, want *Object, all *fieldpath.Set) *fieldpath.Set {
	part := &fieldpath.Set{}
	all.Iterate(func(p fieldpath.Path) {
		if len(p) < 2 || p[0].FieldName == nil || *p[0].FieldName != "spec" || p[1].FieldName == nil {
			return
		}
		_, had := prior.Spec[*p[1].FieldName]
		if _, has := want.Spec[*p[1].FieldName]; had || has {
			part.Insert(p.Copy())
		}
	})
	return part
}

// lastWriter is the name of whoever wrote an object's spec last, for a message.
func lastWriter(u *unstructured.Unstructured) string {
	name, at := "somebody", metav1.Time{}
	for _, entry := range u.GetManagedFields() {
		if entry.Subresource == "" && entry.Time != nil && !entry.Time.Before(&at) {
			name, at = entry.Manager, *entry.Time
		}
	}
	return name
}

// onlyOurs tells an object that nobody but us has ever written, but for its status.
func onlyOurs(u *unstructured.Unstructured) bool {
	return !slices.ContainsFunc(u.GetManagedFields(), func(entry metav1.ManagedFieldsEntry) bool {
		return entry.Manager != kube.FieldManager && entry.Subresource == ""
	})
}

// declarer is the name of somebody else who declares a field of the spec; "" if nobody does.
func declarer(u *unstructured.Unstructured, field string) string {
	for _, entry := range u.GetManagedFields() {
		declares := entry.Operation == metav1.ManagedFieldsOperationApply || kube.Reconciles(entry.Manager)
		if !declares || entry.Manager == kube.FieldManager || entry.FieldsV1 == nil {
			continue
		}
		owned := &fieldpath.Set{}
		if err := owned.FromJSON(entry.FieldsV1.GetRawReader()); err != nil {
			continue
		}
		if !configured(&Object{Spec: map[string]any{field: nil}}, &Object{}, owned).Empty() {
			return entry.Manager
		}
	}
	return ""
}
