output "pools" {
  description = "Names of the pools."
  value       = keys(metallb_address_pool.this)
}
