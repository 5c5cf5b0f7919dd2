# What is said: everything into a log first, because the agent keeps only the first characters of what is printed. At the end, however
# it comes, the verdict in one line of JSON, and then the log.

PHASE=lock RESULT='' REASON='' STATUS=0
ACTIVE='' ACTIVE_IMAGE='' PREVIOUS='' PREVIOUS_IMAGE='' PENDING='' HOLDER='' HOLDER_OPERATION=''
DIGEST='' RUNNING_IMAGE='' ANSWERED='' RUNNING=false DRAINED=0
WORK=''
declare -A TOOK=()
STEP_BEGAN=${EPOCHREALTIME/[.,]/}

say() { printf '%(%H:%M:%S)T %s\n' -1 "$*"; }

now_ms() { printf '%s' "$((${EPOCHREALTIME/[.,]/} / 1000))"; }

# The next step begins; the time since the last call belongs to the one that ends.
step() {
  local now=${EPOCHREALTIME/[.,]/}
  TOOK[$PHASE]=$((${TOOK[$PHASE]:-0} + (now - STEP_BEGAN) / 1000))
  STEP_BEGAN=$now PHASE=$1
  say "== $1"
}

# finish STATUS RESULT [REASON]: the one way out. Only from the main shell, never from a substitution.
finish() {
  STATUS=$1 RESULT=$2 REASON=${3:-}
  [[ -z $REASON ]] || say "$REASON"
  exit "$STATUS"
}

refuse() { finish 22 failed "$1"; }

# Where nobody called finish: an error in this program, or a signal. The code says how far it got, and what it says is made true.
unexpected() {
  RESULT=failed REASON="ended unexpectedly during '$PHASE'"
  case $PHASE in
    lock | preflight) STATUS=22 ;;
    pull) STATUS=23 ;;
    start) STATUS=23; put_back ;;
    gate) STATUS=24; put_back ;;
    run) STATUS=27; remove_commands ;;
    *) STATUS=21 ;;
  esac
}

# The way back before the switch.
put_back() {
  [[ -z $CANDIDATE ]] || { discard "$REASON"; REASON=$WHY; }
  restart_old || STATUS=21 REASON+="; $OLD_STOPPED, which was stopped for it, does not start"
}

read -r -d '' VERDICT_PROGRAM <<'PYTHON'
import json, os, re, sys
fields = sys.stdin.buffer.read().decode("utf-8", "replace").split("\0")
given = dict(zip(fields[0::2], fields[1::2]))
work = given.pop("work")
def lines(name):
    if not work:
        return []
    try:
        with open(os.path.join(work, name), encoding="utf-8", errors="replace") as file:
            return file.read().splitlines()
    except OSError:
        return []
secrets = sorted({line for line in lines("secrets") if len(line) >= 4}, key=len, reverse=True)
# Nothing of an answer where nobody has read what is secret.
length = 80 if os.path.exists(os.path.join(work, "secrets")) else 0
def masked(text):
    for secret in secrets:
        text = text.replace(secret, "***")
    text = re.sub("\2([^\3]*)\3", lambda answer: answer[1][:length], text)
    return "".join(c if c.isprintable() else " " for c in text)
steps = dict(step.split("=") for step in given.pop("steps").split())
verdict = {"v": 1}
for key in ("operation", "phase", "result", "exit", "active", "previous", "previous_image", "digest", "image", "version",
            "running", "pending", "holder", "holder_operation", "drain_s"):
    verdict[key] = given[key]
verdict.update(exit=int(given["exit"]), running=given["running"] == "true", drain_s=float(given["drain_s"]))
verdict["version"] = masked(verdict["version"])[:128]
verdict["phases"] = {name: int(took) for name, took in steps.items()}
verdict["reason"] = masked(given["reason"])[:400]
verdict["log"] = [masked(line)[:160] for line in lines("tail") if line.strip()][-20:]
def text():
    return json.dumps(verdict, separators=(",", ":"))
while len(text()) >= 1990 and verdict["log"]:
    verdict["log"].pop(0)
while len(text()) >= 1990 and verdict["reason"]:
    verdict["reason"] = verdict["reason"][:-20]
sys.stdout.write(text() + "\n")
shown = [masked(line)[:500] for line in lines("log")[-200:]]
while sum(map(len, shown)) > 16000:
    shown.pop(0)
sys.stdout.write("".join(line + "\n" for line in shown))
PYTHON

# The verdict without Python, which may be what is missing. Nothing is masked in it, so it says nothing that a container answered.
plain_verdict() {
  local reason=${REASON//$'\2'*$'\3'/}
  reason=${reason//[^A-Za-z0-9 .,:=\/_-]/ }
  printf '{"v":1,"operation":"%s","phase":"%s","result":"%s","exit":%s,"active":"%s","previous":"%s",' \
    "$1" "$PHASE" "$RESULT" "$STATUS" "$ACTIVE" "$PREVIOUS"
  printf '"previous_image":"%s","digest":"","image":"","version":"","running":false,' "$PREVIOUS_IMAGE"
  printf '"pending":"%s","holder":"%s","holder_operation":"%s",' "$PENDING" "$HOLDER" "$HOLDER_OPERATION"
  printf '"drain_s":0,"phases":{},"reason":"%s","log":[]}\n' "${reason:0:400}"
}

report() {
  trap '' TERM INT HUP
  [[ -n $RESULT ]] || unexpected
  local operation=$OPERATION ended=$PHASE name steps='' text
  # Even what was refused for its operation needs a verdict of one.
  [[ $operation =~ ^(deploy|rollback|run|status|reconcile)$ ]] || operation=status
  step 'done'
  [[ $STATUS == 0 ]] || PHASE=$ended
  for name in "${!TOOK[@]}"; do steps+="$name=${TOOK[$name]} "; done
  observe
  text=$(printf '%s\0' work "$WORK" operation "$operation" phase "$PHASE" result "$RESULT" exit "$STATUS" \
    active "$ACTIVE" previous "$PREVIOUS" previous_image "$PREVIOUS_IMAGE" digest "$DIGEST" image "$RUNNING_IMAGE" \
    version "$ANSWERED" running "$RUNNING" pending "$PENDING" holder "$HOLDER" holder_operation "$HOLDER_OPERATION" \
    drain_s "$DRAINED" reason "$REASON" steps "$steps" |
    python3 -c "$VERDICT_PROGRAM") || text=$(plain_verdict "$operation")
  printf '%s\n' "$text" >&3
  [[ -z $WORK ]] || rm -rf "$WORK"
  trap - EXIT
  exit "$STATUS"
}

# A folder of this process, in memory on a real host: the log, the registry's token and the environment's values are in it.
open_log() {
  exec 3>&1
  trap report EXIT
  trap 'exit 143' TERM INT HUP
  [[ $SERVICE =~ ^[a-z][a-z0-9-]{0,30}$ ]] || SERVICE=''
  local run=$ROOT/run/slipway-${SERVICE:-none}
  if WORK=$({ mkdir -p "$run" && mktemp -d "$run/$$.XXXXXX"; } 2>/dev/null); then exec >"$WORK/log" 2>&1; else exec >/dev/null 2>&1; fi
  # Every path that is made of it would be one of the root folder.
  [[ -n $WORK ]] || refuse "no folder could be made in $run"
  export HOME="${HOME:-$WORK}" DOCKER_CONFIG="$WORK/docker"
}
