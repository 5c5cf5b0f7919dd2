# From one slot to the other. There is no moment without a server.

switch_back() {
  say "switching back: $1"
  slot "$OLD_SLOT" ready
  [[ -z $PORT ]] || empty_slot "$NEW_SLOT"
  rm -f "$STATE/pending"
  sleep 0.5
  discard "$1"
  if [[ -n $ACTIVE ]]; then
    docker update --restart unless-stopped "$(container "$ACTIVE")" >/dev/null
    [[ -n $PORT ]] || docker start "$(container "$ACTIVE")" >/dev/null
  fi
  finish 25 failed "$WHY"
}

switch_over() {
  step switch
  save pending "$NEW_RELEASE $NEW_IMAGE" || reject "the state could not be written to $STATE"
  PENDING=$NEW_RELEASE
  fault pending
  [[ -n $PORT ]] || return 0
  slot "$NEW_SLOT" ready
  wait_until_up "$NEW_SLOT" || switch_back "the proxy did not see the new version up: $SLOT_STATUS"
  fault both
  look_at_slot "$NEW_SLOT"
  SENT_BEFORE=$SENT ERRORS_BEFORE=$ERRORS
  slot "$OLD_SLOT" drain
  fault routed
}

# One look at the new version in its place; WHY is what is wrong with it.
look_at_bake() {
  is_running "$CANDIDATE" || { WHY='the container ended'; return 1; }
  if [[ -z $PORT ]]; then
    [[ "$(docker inspect --format "${O}with .State.Health${C}${O}.Status${C}${O}end$C" "$CANDIDATE")" != unhealthy ]] ||
      { WHY='its health check failed'; return 1; }
    return 0
  fi
  local path paths errors sent
  read -ra paths <<<"$HEALTH_PATH $SMOKE_PATHS"
  for path in "${paths[@]}"; do
    ask "$PROXY_URL$path" || { WHY="$path answered $ANSWER"; return 1; }
  done
  look_at_slot "$NEW_SLOT" || return 0
  errors=$((ERRORS - ERRORS_BEFORE)) sent=$((SENT - SENT_BEFORE))
  SENT_BEFORE=$SENT ERRORS_BEFORE=$ERRORS
  ((errors * 100 <= sent * MAX_5XX_PERCENT)) || { WHY="$errors of $sent answers were errors (5xx)"; return 1; }
}

# Bad twice in a row is bad. Ends with a good look.
bake() {
  step bake
  local end bad=0
  end=$(($(now_ms) + BAKE_SECONDS * 1000))
  [[ -z $PORT ]] || check_version "$PROXY_URL" || check_version "$PROXY_URL" || switch_back "through the proxy, $WHY"
  while (($(now_ms) < end || bad > 0)); do
    # A proxy that was restarted meanwhile has forgotten that the old one gets no more.
    slot "$OLD_SLOT" drain
    if look_at_bake; then bad=0; else bad=$((bad + 1)); fi
    if ((bad > 1)) || ! is_running "$CANDIDATE"; then switch_back "after the switch, ${WHY:-the container ended}"; fi
    sleep 0.5
  done
  fault baked
}

# From the first line on, a host that restarts comes up with the new version.
commit() {
  step commit
  docker update --restart unless-stopped "$CANDIDATE" >/dev/null || switch_back 'the engine did not take its restart policy'
  [[ -z $ACTIVE ]] || ! exists "$(container "$ACTIVE")" || docker update --restart no "$(container "$ACTIVE")" >/dev/null
  remember committed "$NEW_RELEASE"
  if [[ -n $ACTIVE ]] && ! save previous "$ACTIVE $ACTIVE_IMAGE" || ! save active "$NEW_RELEASE $NEW_IMAGE"; then
    switch_back "the state could not be written to $STATE"
  fi
  rm -f "$STATE/pending"
  fault committed
  OLD=$ACTIVE
  load
}

retire() {
  step drain
  [[ -n $OLD ]] || return 0
  empty_slot "$OLD_SLOT"
  fault drained
  stop_container "$(container "$OLD")"
  fault stopped
}

# Stopped containers of this service only, the newest KEEP of them stay, and the one before always; then images that no container
# needs any more, of those that this service once pulled.
prune() {
  local name release image kept=0
  [[ -z $PREVIOUS ]] || kept=1
  for name in $(containers --filter status=exited --filter status=created --filter status=dead); do
    release=${name#"$NAME-"}
    if [[ $release == "$ACTIVE" || $release == "$PREVIOUS" || $name == "$CANDIDATE" && -n $KEPT ]]; then continue; fi
    if is_committed "$release" && ((kept < KEEP)); then kept=$((kept + 1)); else docker rm --volumes "$name" >/dev/null; fi
  done
  [[ -f $STATE/images ]] || return 0
  for name in $(containers); do image_of "$name"; done >"$WORK/needed"
  while read -r image; do
    grep -qxF -- "$image" "$WORK/needed" || docker image rm "$image" >/dev/null 2>&1
  done <"$STATE/images"
  save images "$(sort -u "$WORK/needed")"
}
