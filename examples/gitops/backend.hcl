# Your bucket; pipeline.sh gives this file to init as -backend-config.
bucket = "terraform-states"
region = "eu-central-1"

# What follows is for a store that is not Amazon's.
endpoints                   = { s3 = "https://s3.example.com" }
use_path_style              = true
skip_credentials_validation = true
skip_requesting_account_id  = true
skip_metadata_api_check     = true
skip_region_validation      = true
skip_s3_checksum            = true
