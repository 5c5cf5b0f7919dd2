# The candidate, before it gets a request. It has no restart policy yet: an early exit is seen at once, and with its code.

CANDIDATE='' OLD_STOPPED='' NEW_RELEASE='' NEW_IMAGE='' NEW_SLOT='' KEPT='' WHY=''

# The candidate goes, and what it said stays. One that was kept from earlier is kept again.
discard() {
  diagnose "$CANDIDATE"
  WHY=$1$DIAGNOSIS
  if [[ -n $KEPT ]]; then stop_container "$CANDIDATE"; else docker rm --force --volumes "$CANDIDATE" >/dev/null; fi
  rm -f "$STATE/candidate"
  prune
}

# A worker of which two must never run at once is stopped for the candidate, and on record as such: an engine that was told to stop
# it does so, also when nobody waits for that any more.
stop_old() {
  save stopping "$ACTIVE" || refuse "the state could not be written to $STATE"
  fault stopping
  OLD_STOPPED=$ACTIVE
  stop_container "$(container "$ACTIVE")"
}

restart_old() {
  [[ -n $OLD_STOPPED ]] || return 0
  docker start "$(container "$OLD_STOPPED")" >/dev/null || return 1
  OLD_STOPPED=''
  rm -f "$STATE/stopping"
}

# give_up STATUS WHY: before the switch.
give_up() {
  discard "$2"
  restart_old || finish 21 failed "$WHY; $OLD_STOPPED, which was stopped for it, does not start: $(tail -n 1 "$WORK/log")"
  finish "$1" failed "$WHY"
}

reject() { give_up 24 "$1"; }

await_health() {
  local target=$1 end good=0
  end=$(($(now_ms) + HEALTH_TIMEOUT * 1000)) ANSWER='nothing yet'
  while ((good < HEALTHY_COUNT)); do
    is_running "$target" || { WHY='the container ended before it was healthy'; return 1; }
    if ask "http://$(address_of "$target"):$PORT$HEALTH_PATH"; then good=$((good + 1)); else good=0; fi
    # A proxy that was restarted meanwhile has forgotten that this slot is closed.
    [[ -z $CANDIDATE ]] || slot "$NEW_SLOT" maint >/dev/null
    if (($(now_ms) >= end && good < HEALTHY_COUNT)); then
      WHY="the container was not healthy within $HEALTH_TIMEOUT s: $HEALTH_PATH answered ${ANSWER}"
      return 1
    fi
    sleep 0.3
  done
}

# A worker says how it is by the health check of its image, or by running on.
await_worker() {
  local target=$1 end health
  health=$(docker inspect --format "${O}with .State.Health${C}${O}.Status${C}${O}end$C" "$target")
  end=$(($(now_ms) + (${#health} > 0 ? HEALTH_TIMEOUT : RUNNING_SECONDS) * 1000))
  while (($(now_ms) < end)); do
    is_running "$target" || { WHY='the container ended before it was healthy'; return 1; }
    [[ -z $health ]] || health=$(field "$target" .State.Health.Status)
    case $health in
      healthy) return 0 ;;
      unhealthy) WHY='its health check failed'; return 1 ;;
    esac
    sleep 0.3
  done
  [[ -z $health ]] || { WHY="its health check did not succeed within $HEALTH_TIMEOUT s"; return 1; }
}

# smoke BASE: every path that must answer 200, three times over before it counts.
smoke() {
  local path paths try
  read -ra paths <<<"$SMOKE_PATHS"
  for path in "${paths[@]}"; do
    for try in 1 2 3; do
      ask "$1$path" && continue 2
      ((try == 3)) || sleep 0.5
    done
    WHY="$path answered $ANSWER"
    return 1
  done
}

check_version() {
  [[ -n $VERSION ]] || return 0
  local answered shown=none
  if answered=$(ask_version "$1$VERSION_PATH"); then shown=$(printf '%s' "$answered" | quoted); fi
  [[ $answered == "$VERSION" ]] || { WHY="$VERSION_PATH answers with version $shown, expected $VERSION"; return 1; }
}

# From the network that the proxy is in, by the container's address.
gate() {
  step gate
  if [[ -z $PORT ]]; then
    await_worker "$CANDIDATE" || reject "$WHY"
  else
    await_health "$CANDIDATE" || reject "$WHY"
    local base
    base=http://$(address_of "$CANDIDATE"):$PORT
    smoke "$base" || reject "before it got requests, $WHY"
    check_version "$base" || reject "$WHY"
  fi
  fault healthy
}
