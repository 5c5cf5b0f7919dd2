# From one slot to the other. There is no moment without a server.

switch_back() {
  say "switching back: $1"
  # Without the old one in its place, the new one is better than none.
  surely slot "$OLD_SLOT" ready || finish 21 failed "$1; it could not be switched back, because the proxy does not answer"
  [[ -z $PORT ]] || drain_slot "$NEW_SLOT"
  restore_previous
  rm -f "$STATE/pending"
  sleep 0.5
  discard "$1"
  [[ -z $ACTIVE ]] || restarts "$(container "$ACTIVE")" unless-stopped
  restart_old || finish 21 failed "$WHY; $OLD_STOPPED, which was stopped for it, does not start: $(tail -n 1 "$WORK/log")"
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
  surely slot "$OLD_SLOT" drain || switch_back 'the proxy did not take the old version out'
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
  local unwritten="the state could not be written to $STATE"
  restarts "$CANDIDATE" unless-stopped || switch_back 'the engine did not take its restart policy'
  fault restarts
  [[ -z $ACTIVE ]] || ! exists "$(container "$ACTIVE")" || restarts "$(container "$ACTIVE")" no
  fault rests
  remember committed "$NEW_RELEASE" || switch_back "$unwritten"
  fault remembered
  save earlier "$PREVIOUS${PREVIOUS:+ $PREVIOUS_IMAGE}" || switch_back "$unwritten"
  [[ -z $ACTIVE ]] || save previous "$ACTIVE $ACTIVE_IMAGE" || switch_back "$unwritten"
  fault predecessor
  save active "$NEW_RELEASE $NEW_IMAGE" || switch_back "$unwritten"
  fault activated
  rm -f "$STATE/pending" "$STATE/stopping" "$STATE/candidate" "$STATE/earlier"
  fault committed
  OLD=$ACTIVE OLD_STOPPED=''
  load
}

retire() {
  step drain
  [[ -n $OLD ]] || return 0
  drain_slot "$OLD_SLOT"
  fault drained
  stop_container "$(container "$OLD")"
  fault stopped
}

# Stopped containers of this service only, the newest KEEP of them stay, and the one before always; then images that no container
# needs any more, of those that this service once pulled. What another service of this host pulled may be about to be started.
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
  for name in "${STATE%/*}"/*/images; do [[ $name == "$STATE/images" ]] || cat "$name"; done >"$WORK/others"
  while read -r image; do
    grep -qxF -- "$image" "$WORK/needed" "$WORK/others" || docker image rm "$image" >/dev/null 2>&1
  done <"$STATE/images"
  save images "$(sort -u "$WORK/needed")"
}
