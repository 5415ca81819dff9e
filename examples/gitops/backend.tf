# Where the states are: sites/SITE/routeros.tfstate in a bucket of any S3-compatible store that knows conditional writes,
# which the lock beside the state needs. The rest is in backend.hcl; the credentials are in the environment
# (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY), since whatever stands here or there is copied into every plan file.
terraform {
  backend "s3" {
    key                  = "routeros.tfstate"
    workspace_key_prefix = "sites"
    use_lockfile         = true
    encrypt              = true
  }
}
