# Whatever point an earlier process was killed at: what `active` says runs and gets the requests, and nothing else does.

# Running, and reached through the proxy.
serves() {
  [[ -n $ACTIVE ]] || return 1
  is_running "$(container "$ACTIVE")" || return 1
  [[ -z $PORT ]] || is_up "$(slot_of "$(container "$ACTIVE")")"
}

# A host that lost its state but not its containers goes on with the one that had been committed; else with the only one that runs, if
# it is no candidate of a deployment on record. False where it cannot be told which: whatever runs may be what serves.
adopt() {
  local name found candidate='' running=() committed=()
  [[ ! -f $STATE/candidate ]] || candidate=$NAME-$(<"$STATE/candidate")
  for name in $(containers --filter status=running); do
    [[ $name == "$candidate" ]] || running+=("$name")
    [[ "$(field "$name" .HostConfig.RestartPolicy.Name)" != unless-stopped ]] || committed+=("$name")
  done
  ((${#committed[@]} > 0)) || committed=("${running[@]}")
  ((${#committed[@]} < 2)) || { WHY="${committed[*]}"; return 1; }
  found=${committed[0]:-}
  [[ -n $found ]] || return 0
  save active "$(release_of "$found") $(image_of "$found")" && load
  say "$ACTIVE runs and is not on record; it is taken as what is to run"
}

bring_back() {
  local name slot
  name=$(container "$ACTIVE")
  if ! exists "$name"; then
    say "the container of $ACTIVE is gone; it is made anew"
    read_environment
    is_here "$ACTIVE_IMAGE" || { login && pull "$ACTIVE_IMAGE"; } || return 1
    OLD_SLOT=${PORT:+blue}
    create_container "$ACTIVE" "$ACTIVE_IMAGE" "$OLD_SLOT" || return 1
  elif ! is_running "$name"; then
    say "$ACTIVE does not run; it is started"
    docker start "$name" >/dev/null || return 1
  fi
  # A deployment that was killed while it committed may have taken this from it.
  restarts "$name" unless-stopped
  [[ -n $PORT ]] || return 0
  slot=$(slot_of "$name")
  is_up "$slot" && return 0
  await_health "$name" || return 1
  slot "$slot" ready && wait_until_up "$slot"
}

# What a killed run of the pre-deploy command left must not go on beside the next one.
remove_commands() {
  local name
  for name in $(docker ps --all --quiet --filter "label=slipway.run=$NAME"); do
    docker rm --force --volumes "$name" >/dev/null
  done
}

# Drained first: what a killed deployment had already switched to may be answering.
clear_others() {
  local name release
  drain_slot "$1"
  for name in $(containers); do
    release=${name#"$NAME-"}
    [[ $release != "$ACTIVE" ]] || continue
    if is_committed "$release"; then
      restarts "$name" no
      stop_container "$name"
    else
      say "$release was never committed; its container is removed"
      docker rm --force --volumes "$name" >/dev/null
    fi
  done
  remove_commands
  rm -f "$STATE/pending" "$STATE/candidate"
  PENDING=''
}

# The engine may still be stopping what a killed process told it to stop: it runs when it is looked at, and is gone a little later.
end_stop() {
  [[ -f $STATE/stopping ]] || return 0
  local name
  name=$(container "$(<"$STATE/stopping")")
  ! exists "$name" || stop_container "$name"
  rm -f "$STATE/stopping"
}

# False where what is on record cannot be brought back and that is all that was asked for. Where nothing is, both slots are closed.
reconcile() {
  step reconcile
  timeout 30 docker info >/dev/null 2>&1 || refuse 'the Docker engine does not answer'
  ensure_proxy || finish 21 failed "the proxy does not answer on $PROXY_SOCKET"
  [[ -n $ACTIVE ]] || adopt ||
    finish 21 failed "it is not on record what is to run, and more than one container does: $WHY; stop all but one, and do it again"
  restore_previous
  end_stop
  if [[ -z $ACTIVE ]]; then
    empty_slot blue
    OLD_SLOT=${PORT:+green}
    clear_others "$OLD_SLOT"
    OLD_SLOT=''
    return 0
  fi
  OLD_SLOT=${PORT:+$(slot_of "$(container "$ACTIVE")")}
  # Where two must never run at once, the other one ends first.
  [[ -n $PORT || $REPLACE != stop-first ]] || clear_others ''
  if ! bring_back; then
    say "$ACTIVE could not be brought back: ${WHY:-see above}"
    # Somebody has to look; a new version goes on in the other slot.
    [[ $OPERATION != reconcile ]] || return 1
  fi
  clear_others "${PORT:+$(other_slot "${OLD_SLOT:-green}")}"
  fault reconcile
}
