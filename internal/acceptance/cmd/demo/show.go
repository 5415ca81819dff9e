package main

import (
	"fmt"
	"os"
	"text/tabwriter"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"sigs.k8s.io/yaml"
)

var menus = []struct {
	path    string
	columns []string
}{
	{"/routing/bgp/instance", []string{".id", "name", "as", "router-id"}},
	{"/routing/bgp/connection", []string{".id", "name", "instance", "remote.address", "remote.as", "local.role", "multihop"}},
	{"/routing/bgp/session", []string{"name", "established", "remote.address", "remote.as", "local.as", "hold-time", "prefix-count"}},
	{"/routing/route", []string{"contribution", "dst-address", "gateway", "immediate-gw", "distance", "belongs-to", "bgp.as-path"}},
	{"/ip/firewall/nat", []string{".id", "chain", "action", "protocol", "dst-port", "in-interface", "to-addresses", "comment"}},
}

// tables are the rows of the router's menus, without the counters.
func (d *demo) tables() map[string][]map[string]string {
	all := map[string][]map[string]string{}
	for _, menu := range menus {
		for _, row := range d.lab.Router.Print(menu.path) {
			delete(row, "bytes")
			delete(row, "packets")
			all[menu.path] = append(all[menu.path], row)
		}
	}
	return all
}

func (d *demo) showRouter() error {
	for _, menu := range menus {
		fmt.Println(menu.path + "/print")
		w := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
		for _, column := range menu.columns {
			fmt.Fprintf(w, "%s\t", column)
		}
		for _, row := range d.lab.Router.Print(menu.path) {
			fmt.Fprintln(w)
			for _, column := range menu.columns {
				fmt.Fprintf(w, "%s\t", row[column])
			}
		}
		fmt.Fprint(w, "\n\n")
		if err := w.Flush(); err != nil {
			return err
		}
	}
	return nil
}

func (d *demo) showCluster() error {
	client, err := dynamic.NewForConfig(d.lab.Cluster.Config())
	if err != nil {
		return err
	}
	for _, kind := range []schema.GroupVersionResource{
		{Group: "metallb.io", Version: "v1beta1", Resource: "ipaddresspools"},
		{Group: "metallb.io", Version: "v1beta1", Resource: "bgpadvertisements"},
		{Group: "metallb.io", Version: "v1beta2", Resource: "bgppeers"},
	} {
		list, err := client.Resource(kind).Namespace("metallb-system").List(d.ctx, metav1.ListOptions{})
		if err != nil {
			return err
		}
		for _, object := range list.Items {
			text, err := yaml.Marshal(map[string]any{"kind": object.GetKind(), "name": object.GetName(), "spec": object.Object["spec"]})
			if err != nil {
				return err
			}
			fmt.Printf("%s---\n", text)
		}
	}
	return nil
}
