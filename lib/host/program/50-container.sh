# Containers of this service: `PREFIX SERVICE-RELEASE`, told from all others by a label.

container() { printf '%s' "$NAME-$1"; }

# What the engine says of a container, by a template without its braces.
field() { docker inspect --format "$O$2$C" "$1" 2>/dev/null; }

exists() { docker inspect --type container "$1" >/dev/null 2>&1; }

is_running() { [[ "$(field "$1" .State.Running)" == true ]]; }

# Newest first. More arguments narrow it.
containers() { docker ps --all --filter "label=slipway.service=$NAME" --format "$O.Names$C" "$@"; }

release_of() { field "$1" '(index .Config.Labels "slipway.release")'; }

image_of() { field "$1" '(index .Config.Labels "slipway.image")'; }

# The slot is the name that the container really has in the network: a label would outlive a move.
slot_of() {
  local aliases
  aliases=$(field "$1" "(index .NetworkSettings.Networks \"$NETWORK\").Aliases")
  case " ${aliases//[\[\]]/ } " in
    *" $SERVICE-blue "*) printf blue ;;
    *" $SERVICE-green "*) printf green ;;
  esac
}

address_of() { field "$1" "(index .NetworkSettings.Networks \"$NETWORK\").IPAddress"; }

# The digest that a container runs, by the engine's own record of where its image came from.
digest_of() {
  local digests wanted
  digests=$(docker image inspect --format "${O}range .RepoDigests${C}${O}.${C} ${O}end$C" "$(field "$1" .Image)" 2>/dev/null) ||
    return 1
  wanted=$(image_of "$1")
  if [[ " $digests" != *" $wanted "* ]]; then
    wanted=$(tr ' ' '\n' <<<"$digests" | grep -m 1 -F -- "$REPOSITORY@") || return 1
  fi
  printf '%s' "$wanted"
}

# What is common to every container of the service: OPTIONS, from the host file.
options() {
  local volume volumes
  OPTIONS=(--network "$NETWORK" --restart no --env-file "$WORK/environment" --pull never)
  [[ -z $MEMORY ]] || OPTIONS+=(--memory "$MEMORY")
  [[ -z $CPUS ]] || OPTIONS+=(--cpus "$CPUS")
  read -ra volumes <<<"$VOLUMES"
  for volume in "${volumes[@]}"; do OPTIONS+=(--volume "$volume"); done
  if [[ -n $LOG_GROUP ]]; then
    OPTIONS+=(--log-driver awslogs --log-opt "awslogs-group=$LOG_GROUP" --log-opt "awslogs-region=$REGION")
  else
    OPTIONS+=(--log-driver json-file --log-opt max-size=10m --log-opt max-file=3)
  fi
}

# create_container RELEASE IMAGE SLOT
create_container() {
  local names=()
  [[ -z $3 ]] || names=(--network-alias "$SERVICE-$3")
  options
  docker run --detach --name "$(container "$1")" "${OPTIONS[@]}" "${names[@]}" --label "slipway.service=$NAME" \
    --label "slipway.release=$1" --label "slipway.image=$2" "$2"
}

# Gives a stopped container the name of another slot.
move_to_slot() {
  [[ -n $2 && "$(slot_of "$1")" != "$2" ]] || return 0
  # It is in no network where an earlier process was killed between the two.
  docker network disconnect "$NETWORK" "$1"
  docker network connect --alias "$SERVICE-$2" "$NETWORK" "$1"
}

# restarts CONTAINER unless-stopped|no: what the engine does with it when it starts itself.
restarts() {
  [[ "$(field "$1" .HostConfig.RestartPolicy.Name)" == "$2" ]] || docker update --restart "$2" "$1" >/dev/null
}

stop_container() {
  is_running "$1" || return 0
  docker stop -t "$STOP_TIMEOUT" "$1" >/dev/null
  [[ "$(field "$1" .State.ExitCode)" != 137 ]] || say "$1 did not end within $STOP_TIMEOUT s and was killed"
}

# What the environment of a container has beyond its image's and the plain file, where the parameters have not been read: it may
# all be secret.
learn_secrets() {
  local plain=$ROOT/etc/slipway/$SERVICE.variables
  local variables="${O}range .Config.Env${C}${O}println .${C}${O}end$C"
  docker image inspect --format "$variables" "$(field "$1" .Image)" >"$WORK/known" 2>/dev/null
  [[ ! -f $plain ]] || cat "$plain" >>"$WORK/known"
  docker inspect --format "$variables" "$1" 2>/dev/null | grep -vxFf "$WORK/known" | cut -d = -f 2- >"$WORK/secrets"
}

# Why a container is not what it should be: its state for the reason, its last lines for the log of the verdict.
diagnose() {
  local state
  [[ -f $WORK/secrets ]] || learn_secrets "$1"
  docker logs --tail 50 "$1" >"$WORK/tail" 2>&1
  cat "$WORK/tail"
  state=$(docker inspect --format "$O.State.Status$C $O.State.ExitCode$C $O.State.OOMKilled$C" "$1" 2>/dev/null) || state='gone'
  case $state in
    *true) DIAGNOSIS="; it needed more than its memory${MEMORY:+ of $MEMORY} and was killed" ;;
    exited*) DIAGNOSIS="; it exited with code ${state//[^0-9]/}" ;;
    running*) DIAGNOSIS='' ;;
    *) DIAGNOSIS="; it is ${state%% *}" ;;
  esac
}

# What a container said, between two marks: the verdict shortens it once its secrets are masked, as half of one would not be known.
quoted() { printf '\2%s\3' "$(tr '\0\2\3\r\n' ' ')"; }

# ask URL: true where it answers 200. ANSWER is the status, or why there is none, with the body, of which more is kept than any
# secret is long.
ask() {
  local code
  : >"$WORK/body"
  if code=$(curl --silent --show-error --max-time 3 --noproxy '*' --header 'connection: close' --output "$WORK/body" \
    --write-out '%{http_code}' "$1" 2>"$WORK/curl"); then
    ANSWER=$code
    [[ ! -s $WORK/body ]] || ANSWER+=" $(head -c 65536 "$WORK/body" | quoted)"
  else
    # Also where it began to answer with 200.
    ANSWER=$(tail -n 1 "$WORK/curl")
    return 1
  fi
  [[ $code == 200 ]]
}

# The content tag that URL answers with, in JSON with a field `version`.
ask_version() {
  ask "$1" && python3 -c 'import json, sys; print(json.load(sys.stdin)["version"])' <"$WORK/body" 2>/dev/null
}
