package metallb
import ("testing";"bytes";"fmt";"go.yaml.in/yaml/v3")
func dump(n *yaml.Node, d int){ fmt.Printf("%*s%d %q l%d c%d H%q L%q F%q\n", d*2,"",n.Kind,n.Value,n.Line,n.Column,n.HeadComment,n.LineComment,n.FootComment); for _,c:=range n.Content{dump(c,d+1)}}
func TestZZ(t *testing.T){
 in:=`# top comment
# more

# about peers
peers:  # here
  # first router
  - peer-address: 10.0.0.1  # the one
    my-asn: 1
    # foot of first

  # second router
  - peer-address: 10.0.0.2
    my-asn: 0x10
# the pools
address-pools:
# pool a
- name: a
  addresses: [10.0.0.0/24]
  "protocol": 'bgp'
# end
`
 var n yaml.Node
 fmt.Println(yaml.Unmarshal([]byte(in),&n)); dump(&n,0)
 var b bytes.Buffer; e:=yaml.NewEncoder(&b); e.SetIndent(2); e.CompactSeqIndent(); fmt.Println(e.Encode(&n)); fmt.Println(b.String())
 var c yaml.Node; fmt.Println(yaml.Unmarshal([]byte("# only\n"),&c)); dump(&c,0)
 var m map[string]yaml.Node
 fmt.Println(yaml.Unmarshal([]byte("x: &x {a: 1, b: 2}\n"),&m))
 var k struct{Y map[string]yaml.Node}
 fmt.Println(yaml.Unmarshal([]byte("x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3\n"),&k), len(k.Y), k.Y["b"].Value)
}
