resource "metallb_community" "communities" {
  provider = routeros

  name = "communities"
  communities = [
    { name = "no-export", value = "65535:65281" },
    { name = "office", value = "65001:100" },
  ]
}
