//go:build linux

package forwarding_test

import (
	"strings"
	"testing"

	"github.com/baremetal-lb/terraform-provider-routeros/internal/netns"

	"github.com/stretchr/testify/require"
)

// TestRules: what rules do, alone and together. Where all of them come from is the chain dstnat.
func TestRules(t *testing.T) {
	const (
		toFirst  = " action=dst-nat to-addresses=192.168.128.1"
		toSecond = " action=dst-nat to-addresses=192.168.128.2"
		tcp      = "chain=dstnat protocol=tcp"
		port80   = tcp + " dst-port=80"
		second   = "192.168.128.2:80 from 203.0.113.9"
		router   = "203.0.113.1:8088 from 203.0.113.9"
	)
	// What each asks is "host address = answer", of which the address is the router's outside one unless it is written.
	for name, test := range map[string]struct{ rules, asks []string }{
		"disabled":              {[]string{web + " disabled=yes"}, []string{"internet :80 = " + refused}},
		"no effect on matching": {[]string{web + " log=yes log-prefix=x comment=y address-list-timeout=none-dynamic"}, []string{"internet :80 = " + reached}},

		"in-interface":           {[]string{web + " in-interface=ether1"}, []string{"internet :80 = " + reached, "office :80 = " + refused}},
		"another in-interface":   {[]string{web + " in-interface=ether3"}, []string{"internet :80 = " + refused}},
		"all in-interfaces but":  {[]string{web + " in-interface=!ether3"}, []string{"internet :80 = " + reached, "office :80 = " + refused}},
		"source host":            {[]string{web + " src-address=203.0.113.9"}, []string{"internet :80 = " + reached, "office :80 = " + refused}},
		"source network":         {[]string{web + " src-address=203.0.113.8/29"}, []string{"internet :80 = " + reached, "office :80 = " + refused}},
		"source range":           {[]string{web + " src-address=203.0.113.2-203.0.113.9"}, []string{"internet :80 = " + reached}},
		"beyond a range":         {[]string{web + " src-address=203.0.113.2-203.0.113.8"}, []string{"internet :80 = " + refused}},
		"all sources but a host": {[]string{web + " src-address=!203.0.113.9"}, []string{"internet :80 = " + refused, "office :80 = 192.168.128.1:80 from 192.168.88.9"}},
		"all sources but a net":  {[]string{web + " src-address=!203.0.113.0/24"}, []string{"internet :80 = " + refused}},
		"all sources but some":   {[]string{web + " src-address=!203.0.113.1-203.0.113.8"}, []string{"internet :80 = " + reached}},
		"all destinations but":   {[]string{port80 + " dst-address=!203.0.113.1" + toFirst}, []string{"internet :80 = " + refused, "office 192.168.88.1:80 = 192.168.128.1:80 from 192.168.88.9"}},

		"protocol by number": {[]string{"chain=dstnat protocol=6" + toFirst}, []string{"internet :80 = " + reached}},
		"another protocol":   {[]string{"chain=dstnat protocol=udp dst-port=80" + toFirst}, []string{"internet :80 = " + refused}},
		"all protocols but":  {[]string{"chain=dstnat protocol=!udp" + toFirst}, []string{"internet :80 = " + reached}},
		"not this protocol":  {[]string{"chain=dstnat protocol=!tcp" + toFirst}, []string{"internet :80 = " + refused}},

		"ports": {
			[]string{tcp + " dst-address=203.0.113.1 dst-port=80,443,8000-8080" + toFirst},
			[]string{"internet :80 = " + reached, "internet :443 = 192.168.128.1:443 from .*", "internet :8080 = 192.168.128.1:8080 from .*", "internet :8088 = " + router},
		},
		"all ports but": {
			[]string{tcp + " dst-address=203.0.113.1 dst-port=!443,8000-8090" + toFirst},
			[]string{"internet :80 = " + reached, "internet :443 = " + refused, "internet :8080 = " + refused},
		},
		"either port":    {[]string{tcp + " port=22,80" + toFirst}, []string{"internet :80 = " + reached, "internet :443 = " + refused}},
		"neither port":   {[]string{tcp + " port=!22,80" + toFirst}, []string{"internet :80 = " + refused, "internet :443 = 192.168.128.1:443 from .*"}},
		"source port":    {[]string{port80 + " src-port=1-1023" + toFirst}, []string{"internet :80 = " + refused}},
		"no source port": {[]string{port80 + " src-port=!1-1023" + toFirst}, []string{"internet :80 = " + reached}},

		"hairpin from another network": {
			[]string{port80 + " dst-address-type=local" + toFirst},
			[]string{"internet :80 = " + reached, "office :80 = 192.168.128.1:80 from 192.168.88.9", "office 192.168.128.2:80 = 192.168.128.2:80 from 192.168.88.9"},
		},
		"not the router itself": {
			[]string{port80 + " dst-address-type=!local,broadcast" + toFirst},
			[]string{"internet :80 = " + refused, "office 192.168.128.2:80 = 192.168.128.1:80 from 192.168.88.9"},
		},
		"source type":        {[]string{web + " src-address-type=local,unicast"}, []string{"internet :80 = " + reached}},
		"not of source type": {[]string{web + " src-address-type=!unicast"}, []string{"internet :80 = " + refused}},
		"hairpin on the node's network": { // the node answers past the router
			[]string{web}, []string{"host :80 = " + silence},
		},
		"hairpin with masquerade": {
			[]string{web, "chain=srcnat src-address=192.168.5.0/24 dst-address=192.168.128.0/24 action=masquerade"},
			[]string{"host :80 = 192.168.128.1:80 from 192.168.5.1", "internet :80 = " + reached},
		},

		"an exception before":  {[]string{tcp + " src-address=203.0.113.9 action=accept", web}, []string{"internet :80 = " + refused, "office :80 = 192.168.128.1:80 from 192.168.88.9"}},
		"an exception behind":  {[]string{web, tcp + " src-address=203.0.113.9 action=accept"}, []string{"internet :80 = " + reached}},
		"the first one wins":   {[]string{port80 + toSecond, web}, []string{"internet :80 = " + second}},
		"counting is no match": {[]string{tcp + " action=passthrough", tcp + " action=log", web}, []string{"internet :80 = " + reached}},

		"to a port":        {[]string{web + " to-ports=8080"}, []string{"internet :80 = 192.168.128.1:8080 from 203.0.113.9"}},
		"only to a port":   {[]string{port80 + " action=dst-nat to-ports=8088"}, []string{"internet :80 = " + router}},
		"to some port":     {[]string{web + " to-ports=442-443"}, []string{"internet :80 = (192.168.128.1:443 from 203.0.113.9|refused)"}},
		"to some address":  {[]string{port80 + " action=dst-nat to-addresses=192.168.128.1-192.168.128.2"}, []string{"internet :80 = 192.168.128.[12]:80 from 203.0.113.9"}},
		"redirect":         {[]string{port80 + " action=redirect to-ports=8088"}, []string{"internet :80 = " + router, "office 192.168.128.1:80 = 192.168.88.1:8088 from 192.168.88.9"}},
		"redirect nowhere": {[]string{tcp + " dst-port=8088 action=redirect"}, []string{"internet :8088 = " + router}},

		"no way back":          {nil, []string{"office 203.0.113.9:80 = " + silence}},
		"masquerade":           {[]string{"chain=srcnat out-interface=ether1 action=masquerade"}, []string{"office 203.0.113.9:80 = 203.0.113.9:80 from 203.0.113.1", "office 192.168.128.1:80 = 192.168.128.1:80 from 192.168.88.9"}},
		"masquerade elsewhere": {[]string{"chain=srcnat out-interface=!ether1 action=masquerade"}, []string{"office 203.0.113.9:80 = " + silence, "office 192.168.128.1:80 = 192.168.128.1:80 from 192.168.5.1"}},
		"src-nat":              {[]string{"chain=srcnat protocol=tcp dst-port=80 action=src-nat to-addresses=203.0.113.1"}, []string{"office 192.168.128.1:80 = 192.168.128.1:80 from 203.0.113.1"}},
		"src-nat with ports":   {[]string{"chain=srcnat protocol=tcp action=src-nat to-addresses=203.0.113.1 to-ports=5000-5999"}, []string{"office 192.168.128.1:80 = 192.168.128.1:80 from 203.0.113.1:5..."}},
		"not this source":      {[]string{"chain=srcnat src-address=192.168.88.0/24 action=accept", "chain=srcnat action=masquerade"}, []string{"office 192.168.128.1:80 = 192.168.128.1:80 from 192.168.88.9"}},

		"jump and return": {
			[]string{
				"chain=dstnat in-interface=ether1 action=jump jump-target=web", tcp + " dst-port=443" + toSecond,
				"chain=web protocol=tcp dst-port=443 action=return", "chain=web protocol=tcp dst-port=80,443" + toFirst,
			},
			[]string{"internet :80 = " + reached, "internet :443 = 192.168.128.2:443 from .*", "office :80 = " + refused},
		},
		"names of chains":        {[]string{"chain=dstnat action=jump jump-target=prerouting", "chain=prerouting protocol=tcp" + toFirst}, []string{"internet :80 = " + reached}},
		"jump to an empty chain": {[]string{"chain=dstnat action=jump jump-target=nothing", web}, []string{"internet :80 = " + reached}},
		"a chain of nobody":      {[]string{strings.Replace(web, "dstnat", "orphan", 1)}, []string{"internet :80 = " + refused}},
		"a chain of both": {
			[]string{"chain=dstnat protocol=tcp action=jump jump-target=both", "chain=srcnat action=jump jump-target=both", "chain=both src-address=203.0.113.9 action=accept",
				web, "chain=srcnat action=masquerade"},
			[]string{"internet :80 = " + refused, "office :80 = 192.168.128.1:80 from 192.168.5.1"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			l, r := start(t, "7.20.8")
			for _, rule := range test.rules {
				add(t, r, rule)
			}
			require.NoError(t, r.Failure())
			for _, ask := range test.asks {
				question, answer, _ := strings.Cut(ask, " = ")
				host, address, _ := strings.Cut(question, " ")
				if strings.HasPrefix(address, ":") {
					address = "203.0.113.1" + address
				}
				expect(t, map[string]*netns.Namespace{"internet": l.internet, "office": l.office, "host": l.host}[host], address, answer)
			}
		})
	}
}
