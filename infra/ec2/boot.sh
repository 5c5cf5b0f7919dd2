#!/bin/bash
# Brings this host to the image that is on record for its service: slipway-boot SERVICE RECORD REGION. Started at every start of the
# host, and again until that is so, after longer and longer waits.
set -uo pipefail
export LC_ALL=C AWS_PAGER=''

service=$1 record=$2 region=$3
root=${SLIPWAY_ROOT:-}
# In memory, so that it counts from the start of the host: how often this has failed, and what the host was left with.
failures=$root/run/slipway-boot.$service

say() { printf 'slipway-boot: %s\n' "$*"; }

active() { cat "$root/var/lib/slipway/$service/active" 2>/dev/null; }

# host OPERATION [IMAGE]: the program that deployments start as well.
host() { SSM_Service=$service SSM_Operation=$1 SSM_Image=${2:-} slipway-host; }

failed=0 left=''
if [[ -f $failures ]]; then
  { read -r failed && IFS= read -r left; } <"$failures"
  sleep $((failed < 6 ? 5 << failed : 300))
  # The record follows a deployment when all of its hosts are proven. What it brought meanwhile is newer than what is read there.
  if [[ "$(active)" != "$left" ]]; then
    say 'a deployment has been here since; it decides'
    exit 0
  fi
fi

errors=$(mktemp) || exit 1
if image=$(aws ssm get-parameter --region "$region" --name "$record" --query Parameter.Value --output text 2>"$errors"); then
  say "$record is $image"
  host deploy "$image"
  code=$?
elif grep -q ParameterNotFound "$errors"; then
  say "$record is not there: nothing has been deployed yet"
  host reconcile
  code=$?
else
  say "$record cannot be read, so the host goes on with what it ran before: $(grep -m 1 . "$errors")"
  host reconcile
  code=1
fi
rm -f "$errors"

if [[ $code == 0 ]]; then
  rm -f "$failures"
else
  printf '%s\n%s\n' "$((failed + 1))" "$(active)" >"$failures"
fi
exit "$code"
