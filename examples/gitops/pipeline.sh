#!/usr/bin/env bash
# What every pipeline does with a site, so that a pipeline is only a list of calls, and a colleague can make them too.
#
#   pipeline.sh check         formatting, and whether each site is valid; needs no secret and reaches no site
#   pipeline.sh sites [REF]   the sites as a JSON list; with REF those that HEAD changes since it left REF
#   pipeline.sh plan SITE     writes out/SITE.tfplan, and out/SITE.md for the pull request: warnings and plan
#   pipeline.sh apply SITE    applies out/SITE.tfplan and nothing else; refuses it when the site changed since
#   pipeline.sh drift SITE    exit code 0: the site is what HEAD says; 2: it is not, out/SITE.md tells; else: a failure
#
# A plan file can hold secrets: it has the whole state in it, and the values of variables that are not ephemeral. With
# PLAN_KEY it is kept as out/SITE.tfplan.enc, encrypted with that passphrase.
# TF=tofu runs OpenTofu; LOCK_TIMEOUT is how long to wait for whoever has the state locked.
set -euo pipefail
umask 077
cd "$(dirname "${BASH_SOURCE[0]}")"

TF=${TF:-terraform}
LOCK_TIMEOUT=${LOCK_TIMEOUT:-5m}
PLAN_KEY=${PLAN_KEY:-}
export TF_IN_AUTOMATION=1

# A comment on GitHub has room for 65,536 characters; the rest is for what stands around warnings and plan.
WARNINGS_ROOM=10000
PLAN_ROOM=50000

fail() {
  echo "pipeline.sh: $*" >&2
  exit 1
}

check() {
  "$TF" fmt -check -recursive -diff
  export TF_DATA_DIR=.terraform/check
  "$TF" init -input=false -no-color -backend=false -lockfile=readonly
  local file site
  for file in sites/*.yaml; do
    site=$(basename "$file" .yaml)
    echo "$site:"
    TF_WORKSPACE=$site "$TF" validate -no-color
  done
}

sites() {
  local changed="" file names=()
  if [ $# -gt 0 ]; then
    changed=$(git diff --name-only --relative "$1...HEAD")
  fi
  for file in sites/*.yaml; do
    # Whatever is neither a site's file nor text for people concerns all sites.
    if [ $# -eq 0 ] || grep -qxF "$file" <<<"$changed" || grep -qvE '^sites/|\.md$|^$' <<<"$changed"; then
      names+=("\"$(basename "$file" .yaml)\"")
    fi
  done
  local IFS=,
  echo "[${names[*]-}]"
}

# prepare makes the working folder one of that site. Each has its own, so that sites can be planned side by side.
prepare() {
  site=${1:-}
  [[ $site != */* && -f sites/$site.yaml ]] || fail "there is no site \"$site\": sites/$site.yaml does not exist"
  plan=out/$site.tfplan
  report=out/$site.md
  export TF_DATA_DIR=.terraform/$site
  mkdir -p out
  "$TF" init -input=false -no-color -lockfile=readonly -backend-config=backend.hcl
  "$TF" workspace select -no-color -or-create=true "$site"
}

# make_plan makes it, with more arguments of `plan`, and keeps what is said of it, which is shown all the same.
make_plan() {
  {
    said=$("$TF" plan -input=false -no-color -lock-timeout="$LOCK_TIMEOUT" -out="$plan" "$@" | tee >(cat >&3))
  } 3>&1
}

# describe writes what the plan would do, and what it warns of, which `show` does not tell. Terraform masks what is sensitive.
describe() {
  local text warnings
  text=$("$TF" show -no-color "$plan")
  warnings=$(sed -n '/^Warning: /,$p' <<<"$said")
  {
    echo "<!-- $1 -->"
    echo "### $1"
    echo
    grep -E '^(Plan:|No changes)' <<<"$text" || true
    echo
    if [ -n "$warnings" ]; then
      block "$WARNINGS_ROOM" "$warnings"
      echo
    fi
    echo "<details><summary>The plan</summary>"
    echo
    block "$PLAN_ROOM" "$text"
    echo
    echo "</details>"
  } >"$report"
}

# block prints as many whole lines of a text as there is room for.
block() {
  local shown
  # Counted in bytes, of which a character has one or more.
  shown=$(LC_ALL=C awk -v room="$1" '(used += length($0) + 1) > room { exit } { print }' <<<"$2")
  echo '```text'
  echo "${shown//'```'/"'''"}" # what people write into comments on a router does not end the block
  echo '```'
  if [ "$shown" != "$2" ]; then
    echo
    echo "It is too long for a comment and was cut here; the whole of it is in the job's log."
  fi
}

plan() {
  prepare "$@"
  rm -f "$plan" "$plan.enc" "$report"
  make_plan || {
    rm -f "$plan" # Terraform keeps one that failed, with the state in it
    fail "$site could not be planned"
  }
  describe "Plan for $site"
  if [ -n "$PLAN_KEY" ]; then
    export PLAN_KEY
    openssl enc -aes-256-cbc -pbkdf2 -pass env:PLAN_KEY -in "$plan" -out "$plan.enc"
    rm "$plan"
  fi
}

apply() {
  prepare "$@"
  if [ -f "$plan.enc" ]; then
    trap 'rm -f "$plan"' EXIT
    [ -n "$PLAN_KEY" ] || fail "$plan.enc is encrypted: give its passphrase in PLAN_KEY"
    export PLAN_KEY
    openssl enc -d -aes-256-cbc -pbkdf2 -pass env:PLAN_KEY -in "$plan.enc" -out "$plan" ||
      fail "$plan.enc cannot be decrypted: PLAN_KEY is not what it was planned with"
  fi
  [ -f "$plan" ] || fail "there is no $plan: plan $site first, and have the plan reviewed"
  "$TF" apply -input=false -no-color -lock-timeout="$LOCK_TIMEOUT" "$plan" ||
    fail "the plan for $site was not, or not wholly, applied. If it is stale, the site was changed after it was planned," \
      "perhaps by a part of this plan: plan it anew and review that plan"
  rm -f "$plan" "$plan.enc" # once applied it is stale
}

drift() {
  prepare "$@"
  trap 'rm -f "$plan"' EXIT # nobody has reviewed it
  rm -f "$report"
  local code=0
  make_plan -detailed-exitcode || code=$?
  case $code in
  0) ;;
  2)
    describe "Drift of $site"
    exit 2
    ;;
  *) fail "whether $site has drifted could not be told" ;;
  esac
}

case ${1:-} in
check | sites | plan | apply | drift) "$@" ;;
*) fail "usage: pipeline.sh check | sites [REF] | plan SITE | apply SITE | drift SITE" ;;
esac
