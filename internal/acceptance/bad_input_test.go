package acceptance

import (
	"crypto/tls"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/stretchr/testify/require"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/kube/kubetest"
	"github.com/baremetal-lb/terraform-provider-routeros/internal/routeros/routerostest"
)

// TestRefusedAtPlan: what can be known to be wrong is refused at the attribute, with the accepted form, before
// anything is dialled.
func TestRefusedAtPlan(t *testing.T) {
	nat := func(arguments string) string {
		return "resource \"routeros_dstnat\" \"x\" {\n to_addresses = \"192.168.128.1\"\n" + arguments + "\n}"
	}
	peer := func(arguments string) string {
		return "resource \"routeros_bgp_peer\" \"x\" {\n name = \"p\"\n instance = \"private\"\n" + arguments + "\n}"
	}
	pool := func(arguments string) string {
		return "resource \"metallb_address_pool\" \"x\" {\n provider = routeros\n" + arguments + "\n}"
	}
	metallbPeer := func(arguments string) string {
		return "resource \"metallb_bgp_peer\" \"x\" {\n provider = routeros\n name = \"p\"\n" + arguments + "\n}"
	}
	for name, c := range map[string]struct{ settings, resources, want string }{
		"port without protocol":    {"", nat(`dst_port = 80`), "dst_port needs protocol to be one of tcp, udp, udp-lite, dccp, sctp"},
		"port of icmp":             {"", nat("protocol = \"icmp\"\nto_ports = 80"), `to_ports needs protocol to be one of tcp, udp, udp-lite, dccp, sctp; here it is "icmp"`},
		"port out of range":        {"", nat("protocol = \"tcp\"\ndst_port = 65536"), `"65536" is no port: give 0 to 65535`},
		"reversed ports":           {"", nat("protocol = \"tcp\"\ndst_port = \"443-80\""), `the range "443-80" ends before it begins: give 80-443`},
		"two target ports":         {"", nat("protocol = \"tcp\"\nto_ports = \"80,443\""), "give one port (8080) or one range"},
		"source with a typo":       {"", nat(`src_address = "192.168.5.0/33"`), `"192.168.5.0/33" is no IPv4 address, prefix or range`},
		"action unknown":           {"", nat(`action = "dnat"`), `value must be one of:`},
		"ASN out of range":         {"", peer("remote_address = \"192.168.5.253\"\nremote_as = 4294967296"), `"4294967296" is no AS number: give 0 to 4294967295`},
		"peer address with a typo": {"", peer("remote_address = \"192.168.5.256\"\nremote_as = 65001"), `"192.168.5.256" is no address: give a host`},
		"hold time below 3s":       {"", peer("remote_address = \"192.168.5.253\"\nremote_as = 65001\nhold_time = \"2s\""), `"2s" is not allowed here: give a duration from 3s to 18h12m15s, or infinity`},
		"hold time is no time":     {"", peer("remote_address = \"192.168.5.253\"\nremote_as = 65001\nhold_time = \"soon\""), `"soon" is no duration`},
		"keepalive beyond hold":    {"", peer("remote_address = \"192.168.5.253\"\nremote_as = 65001\nhold_time = \"9s\"\nkeepalive_time = \"10s\""), "give a keepalive_time of at most hold_time"},
		"router ID":                {"", `resource "routeros_bgp_instance" "x" {` + "\nname = \"a\"\nas = 1\nrouter_id = \"192.168.5\"\n}", `"192.168.5" is no router ID`},
		"pool prefix with a typo":  {"", pool("name = \"p\"\naddresses = [\"192.168.128.0/33\"]"), `192.168.128.0/33`},
		"reversed pool range":      {"", pool("name = \"p\"\naddresses = [\"192.168.128.9-192.168.128.1\"]"), "192.168.128.9-192.168.128.1"},
		"overlapping pool":         {"", pool("name = \"p\"\naddresses = [\"192.168.128.0/24\", \"192.168.128.7/32\"]"), "overlap"},
		"empty pool":               {"", pool("name = \"p\"\naddresses = []"), "no addresses: a pool has at least one"},
		"pool name no DNS label":   {"", pool("name = \"Avoid_Buggy\"\naddresses = [\"192.168.128.0/24\"]"), "Avoid_Buggy"},
		"MetalLB ASN":              {"", metallbPeer("my_asn = 0\npeer_asn = 65000\npeer_address = \"192.168.5.1\""), "0 is not an AS number: 1 to 4294967295"},
		"MetalLB hold time":        {"", metallbPeer("my_asn = 1\npeer_asn = 65000\npeer_address = \"192.168.5.1\"\nhold_time = \"2s\""), "2s"},
		"MetalLB iBGP multihop":    {"", metallbPeer("my_asn = 1\npeer_asn = 1\npeer_address = \"192.168.5.1\"\nebgp_multi_hop = true"), "Invalid MetalLB BGP peer"},
		"hosturl":                  {`hosturl = "https://192.168.5.1/rest"`, nat(""), `"https://192.168.5.1/rest" is no address of a router: give apis://host`},
		"fingerprint":              {"hosturl = \"r\"\ncertificate_fingerprint = \"sha1:00\"", nat(""), `"sha1:00" is no SHA-256 fingerprint`},
		"timeout":                  {"hosturl = \"r\"\ntimeout = \"0s\"", nat(""), `"0s" is not allowed here: give a duration from 1s to 1h`},
		"backend":                  {"metallb = { backend = \"etcd\" }", nat(""), "value must be one of:"},
		"kubeconfig":               {"kubernetes = { config_path = \"/nowhere/kubeconfig\" }", nat(""), "/nowhere/kubeconfig"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
				Config: configure(nil, c.settings, c.resources), PlanOnly: true, ExpectError: said(c.want),
			}}})
		})
	}
}

// TestBadEnvironment: what a validator cannot see is refused at the attribute that it stands for.
func TestBadEnvironment(t *testing.T) {
	for variable, want := range map[string]string{
		"ROS_HOSTURL": "Invalid hosturl", "ROS_TIMEOUT": "Invalid timeout", "ROS_INSECURE": "Invalid ROS_INSECURE",
		"ROS_CERTIFICATE_FINGERPRINT": "Invalid certificate_fingerprint", "ROS_CA_CERTIFICATE": "Invalid ca_certificate",
		"KUBE_CONFIG_PATH": "Invalid kubernetes",
	} {
		t.Run(variable, func(t *testing.T) {
			if variable != "ROS_HOSTURL" {
				t.Setenv("ROS_HOSTURL", "apis://127.0.0.1")
			}
			t.Setenv(variable, "http://rubbish/")
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
				Config: configure(nil, "", routerResources), PlanOnly: true, ExpectError: said(want),
			}}})
		})
	}
}

// TestRefusedAtApply: what only a router or a cluster can know.
func TestRefusedAtApply(t *testing.T) {
	cert, _, _, err := routerostest.SelfSigned("127.0.0.1")
	require.NoError(t, err)
	sim := router(t, "7.20.8", routerostest.ListenTLS("127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}))
	_, err = sim.Run("/routing/bgp/instance/add", "=name=taken", "=as=1")
	require.NoError(t, err)
	gone := routerostest.StartTest(t, "7.20.8")
	goneAddress := gone.Addr()
	require.NoError(t, gone.Close())
	cluster := kubetest.StartTest(t)
	kubeconfig := fmt.Sprintf("kubernetes = { config_path = %q }", cluster.Kubeconfig())

	instance := func(name string) string {
		return fmt.Sprintf("resource \"routeros_bgp_instance\" \"x\" {\n name = %q\n as = 65000\n}", name)
	}
	for name, c := range map[string]struct{ config, want string }{
		"unreachable router": {configure(nil, `hosturl = "api://`+goneAddress+`"`, instance("x")), "Check hosturl, that the router is up"},
		"wrong password": {configure(nil, `hosturl = "api://`+sim.Addr()+"\"\npassword = \"wrong\"", instance("x")),
			"Check username and password, and that the user's group has the policy api"},
		"certificate":  {configure(nil, `hosturl = "apis://`+sim.TLSAddr()+`"`, instance("x")), "or pin the certificate (certificate_fingerprint)"},
		"no TLS there": {configure(nil, `hosturl = "apis://`+sim.Addr()+"\"\ntimeout = \"1s\"", instance("x")), "Unable to create BGP instance"},
		"name taken":   {configure(sim, "", instance("taken")), "To manage it, import it: terraform import routeros_bgp_instance."},
		"no router":    {configure(nil, "", instance("x")), "names no router: set hosturl (or ROS_HOSTURL)"},
		"no cluster":   {configure(sim, "", clusterResources), "names no cluster: set kubernetes"},
		"no MetalLB": {configure(sim, kubeconfig, strings.ReplaceAll(clusterResources, "= routeros\n", "= routeros\ntimeouts = { create = \"1s\" }\n")),
			`set metallb.backend = "configmap" to have the ConfigMap made. (waited 1s for it)`},
		"interface": {configure(sim, "", "resource \"routeros_dstnat\" \"x\" {\n in_interface = \"ether99\"\n to_addresses = \"192.168.128.1\"\n}"),
			"answered: input does not match any value of interface"},
		"instance": {configure(sim, "", "resource \"routeros_bgp_peer\" \"x\" {\n name = \"p\"\n instance = \"nowhere\"\n remote_address = \"10.0.0.1\"\n remote_as = 1\n}"),
			`there is no BGP instance "nowhere"`},
	} {
		t.Run(name, func(t *testing.T) {
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
				Config: c.config, ExpectError: said(c.want),
			}}})
		})
	}
}

// TestHonestRouters: a router that cannot or may not do what is asked has a message of its own for each reason.
func TestHonestRouters(t *testing.T) {
	const peer = `
resource "routeros_bgp_peer" "x" {
  name           = "p"
  instance       = "private"
  remote_address = "10.0.0.1"
  remote_as      = 1
  %s
}`
	whole := func(arguments string) string { return fmt.Sprintf(peer, arguments) }
	instance := "resource \"routeros_bgp_instance\" \"x\" {\n name = \"private\"\n as = 65000\n}"
	rule := "resource \"routeros_dstnat\" \"x\" {\n to_addresses = \"192.168.128.1\"\n}"
	for name, c := range map[string]struct {
		version   string
		option    routerostest.Option
		resources string
		want      string
	}{
		"no package": {"6.49.15", routerostest.NoRoutingPackage(), instance, "BGP is in the package routing: see /system/package"},
		"device mode": {"7.24", routerostest.DeviceMode("/ip/firewall/nat"), rule,
			"answered: failure: not allowed by device-mode See /system/device-mode: to allow it takes /system/device-mode/update"},
		"may not write": {"7.24", routerostest.User("terraform", password, "api", "read"), rule,
			`The user's group lacks the policy write: give the group of "terraform"`},
		"may not read": {"7.24", routerostest.User("terraform", password, "api", "write"), instance,
			`The user's group lacks the policy read: give the group of "terraform"`},
		"may not log in": {"7.24", routerostest.User("terraform", password, "read", "write"), rule,
			"Check username and password, and that the user's group has the policy api"},
		"word of RouterOS 7": {"6.49.15", routerostest.NoCategory(), whole(`output_network = "list"`),
			"runs RouterOS 6.49.15. Of a BGP peer, output.network exists from 7 only."},
		"word of RouterOS 6": {"7.24", routerostest.NoCategory(), whole(`max_prefix_limit = 1`), "max-prefix-limit exists before 7 only."},
		"value of 7.20":      {"7.19.6", routerostest.NoCategory(), whole(`afi = ["evpn"]`), "afi=evpn exists from 7.20 only."},
		"always listens":     {"6.49.15", routerostest.NoCategory(), whole(`listen = false`), "listen cannot be other than yes there."},
		"came and went": {"7.21.1", routerostest.NoCategory(), whole(`input_attr_error_handling = "revised"`),
			"input.attr-error-handling exists from 7.20.8 and before 7.21, or from 7.21.2 only."},
	} {
		t.Run(name, func(t *testing.T) {
			sim := router(t, c.version)
			sim.Configure(c.option)
			resource.Test(t, resource.TestCase{ProtoV6ProviderFactories: factories, Steps: []resource.TestStep{{
				Config: configure(sim, "", c.resources), PlanOnly: strings.Contains(c.want, "only.") || strings.Contains(c.want, "there."),
				ExpectError: said(c.want),
			}}})
		})
	}
}
