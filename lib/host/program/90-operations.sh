# The operations, each of them a story.

# What is true now, for the verdict of every operation.
observe() {
  [[ -n ${STATE:-} ]] || return 0
  load
  [[ -n $ACTIVE ]] || return 0
  local name
  name=$(container "$ACTIVE")
  RUNNING_IMAGE=$(timeout 20 docker inspect --format "$O.Image$C" "$name" 2>/dev/null) || { RUNNING_IMAGE=''; return 0; }
  RUNNING_IMAGE=$(digest_of "$name") || RUNNING_IMAGE=''
  DIGEST=${RUNNING_IMAGE#*@}
  serves 2>/dev/null && RUNNING=true
  [[ -z $PORT || $RUNNING == false ]] || ANSWERED=$(ask_version "http://$(address_of "$name"):$PORT$VERSION_PATH") || ANSWERED=''
}

# Every check that a new version would have to pass, through the proxy.
passes() {
  serves || return 1
  [[ -n $PORT ]] || return 0
  ask "$PROXY_URL$HEALTH_PATH" && smoke "$PROXY_URL" && check_version "$PROXY_URL"
}

already_active() { [[ -n $ACTIVE && "$(digest_of "$(container "$ACTIVE")")" == "$IMAGE" ]]; }

# Puts CANDIDATE, which runs in the idle slot, in the place of what is active.
replace() {
  gate
  switch_over
  bake
  commit
  retire
  step prune
  prune
}

# The slot is closed before its name can be resolved: the proxy would open it as soon as its own check succeeds.
close_idle_slot() {
  NEW_SLOT=${PORT:+$(other_slot "${OLD_SLOT:-green}")}
  [[ -z $PORT ]] || surely empty_slot "$NEW_SLOT" || finish 21 failed 'the proxy did not close the idle slot'
  [[ -n $PORT || $REPLACE != stop-first || -z $ACTIVE ]] || stop_old
}

start_new() {
  step start
  NEW_RELEASE=$RELEASE NEW_IMAGE=$IMAGE
  # The same release once more, because what runs under its name does not do its work.
  while [[ $NEW_RELEASE == "$ACTIVE" ]]; do NEW_RELEASE+=.again; done
  CANDIDATE=$(container "$NEW_RELEASE")
  save candidate "$NEW_RELEASE" || refuse "the state could not be written to $STATE"
  close_idle_slot
  docker rm --force --volumes "$CANDIDATE" >/dev/null 2>&1
  create_container "$NEW_RELEASE" "$IMAGE" "$NEW_SLOT" ||
    give_up 23 "the container could not be started: $(grep -i error "$WORK/log" | tail -n 1)"
  fault started
}

deploy() {
  take_lock
  reconcile
  if already_active; then
    passes && finish 0 noop
    say "$RELEASE is active and does not pass: ${WHY:-$ANSWER}; a new container takes its place"
  fi
  fetch_image
  start_new
  replace
  finish 0 deployed
}

# The container of the release to go back to, or any that was kept with its image.
find_kept() {
  local name
  for name in "$(container "$RELEASE")" $(containers --filter status=exited); do
    exists "$name" || continue
    is_committed "${name#"$NAME-"}" || continue
    [[ -z $IMAGE || "$(image_of "$name")" == "$IMAGE" ]] || continue
    [[ -n $IMAGE || $name == "$(container "$RELEASE")" ]] || continue
    CANDIDATE=$name KEPT=yes NEW_RELEASE=${name#"$NAME-"} NEW_IMAGE=$(image_of "$name")
    return 0
  done
  return 1
}

rollback() {
  take_lock
  reconcile
  if { [[ -z $IMAGE && $RELEASE == "$ACTIVE" ]] || already_active; } && passes; then finish 0 noop; fi
  if find_kept && [[ $NEW_RELEASE != "$ACTIVE" ]]; then
    step start
    close_idle_slot
    : >"$WORK/environment"
    if ! { move_to_slot "$CANDIDATE" "$NEW_SLOT" && docker start "$CANDIDATE" >/dev/null; }; then
      give_up 23 "the container of $NEW_RELEASE could not be started: $(tail -n 1 "$WORK/log")"
    fi
    fault started
  else
    KEPT=''
    [[ -n $IMAGE ]] || finish 26 failed "release $RELEASE is not on this host any more"
    fetch_image
    start_new
  fi
  replace
  finish 0 rolled-back
}

# The pre-deploy command: once, in the new image, with the service's environment and network, to its end.
run_command() {
  local name code words=()
  take_lock
  mapfile -d '' -t words < <(base64 -d <<<"$COMMAND" 2>/dev/null | python3 -c '
import json, sys
words = json.load(sys.stdin)
if not (isinstance(words, list) and words and all(isinstance(word, str) and "\0" not in word for word in words)): sys.exit(1)
sys.stdout.write("".join(word + "\0" for word in words))' 2>/dev/null)
  ((${#words[@]} > 0)) || refuse 'the command is not a JSON array of words, in base64'
  fetch_image
  step run
  name=$(container "$RELEASE")-run
  remove_commands
  options
  docker run --detach --name "$name" "${OPTIONS[@]}" --label "slipway.run=$NAME" "$IMAGE" "${words[@]}" >/dev/null ||
    finish 23 failed "the command could not be started: $(tail -n 1 "$WORK/log")"
  fault started
  timeout "$RUN_TIMEOUT" docker wait "$name" >/dev/null
  case $? in
    0) code=$(field "$name" .State.ExitCode) ;;
    124) code=late ;;
    *) code=unknown ;;
  esac
  diagnose "$name"
  docker rm --force --volumes "$name" >/dev/null
  case $code in
    0) finish 0 ran ;;
    unknown | '') finish 27 failed 'the engine did not say how the command ended; it may have been restarted' ;;
    late) finish 27 failed "the command did not end within $RUN_TIMEOUT s" ;;
    *) finish 27 failed "the command failed$DIAGNOSIS" ;;
  esac
}

main() {
  open_log
  check_parameters
  read_host_file
  case $OPERATION in
    deploy) deploy ;;
    rollback) rollback ;;
    run) run_command ;;
    status)
      load
      read_holder
      finish 0 reported
      ;;
    reconcile)
      take_lock
      reconcile || finish 21 failed "$ACTIVE could not be brought back: ${WHY:-see the log}"
      finish 0 reconciled
      ;;
  esac
}

main
