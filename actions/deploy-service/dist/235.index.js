export const id = 235;
export const ids = [235];
export const modules = {

/***/ 4235:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  ec2Target: () => (/* binding */ ec2Target)
});

// EXTERNAL MODULE: ./build/lib/image.js
var lib_image = __webpack_require__(9449);
// EXTERNAL MODULE: ./build/lib/refusal.js
var refusal = __webpack_require__(3240);
;// CONCATENATED MODULE: ./build/lib/host/verdict.js
const OPERATIONS = ['deploy', 'rollback', 'run', 'status', 'reconcile'];
/** How an operation ended. `noop`: the release asked for served already; `failed`: see `exit` and `reason`. */
const RESULTS = ['deployed', 'rolled-back', 'noop', 'ran', 'reconciled', 'reported', 'busy', 'failed'];
/** Every exit code of the program. Anything else is the agent's: 137 a timeout or a cancel, at any step. */
const EXITS = {
    0: { means: 'done', oldServes: undefined },
    20: { means: 'another operation holds the lock of the service on this host', oldServes: true },
    21: { means: 'what is to run could not be brought back, or is not on record', oldServes: undefined },
    22: { means: 'the host is not fit for it, or may not read the registry or the parameters', oldServes: true },
    23: { means: 'the image could not be pulled or started', oldServes: true },
    24: {
        means: 'the candidate did not become healthy or failed its smoke test, and was removed before it got a request',
        oldServes: true,
    },
    25: { means: 'the new version failed after the switch, and was switched back', oldServes: true },
    26: { means: 'the release to go back to is not on this host', oldServes: true },
    27: { means: 'the command failed', oldServes: true },
};
const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const TEXTS = ['phase', 'active', 'previous', 'digest', 'image', 'version', 'pending', 'holder', 'reason'];
/** Where they are missing, the program is older than they are. */
const LATER_TEXTS = ['previous_image', 'holder_operation'];
const isVerdict = (value) => isRecord(value) &&
    value['v'] === 1 &&
    OPERATIONS.some((each) => each === value['operation']) &&
    RESULTS.some((each) => each === value['result']) &&
    TEXTS.every((key) => typeof value[key] === 'string') &&
    LATER_TEXTS.every((key) => value[key] === undefined || typeof value[key] === 'string') &&
    [value['exit'], value['drain_s']].every((number) => typeof number === 'number') &&
    typeof value['running'] === 'boolean' &&
    isRecord(value['phases']) &&
    Object.values(value['phases']).every((milliseconds) => typeof milliseconds === 'number') &&
    Array.isArray(value['log']) &&
    value['log'].every((line) => typeof line === 'string');
/** The verdict of what a host printed; undefined where its first line is none, or was cut. */
const parseVerdict = (stdout) => {
    const [line = ''] = stdout.split('\n', 1);
    try {
        const value = JSON.parse(line);
        return isVerdict(value) ? value : undefined;
    }
    catch {
        return undefined;
    }
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ec2/causes.js

/** What to do about each exit code of the on-host program, see `EXITS`. */
const REMEDIES = {
    20: 'wait for the deployment that holds the lock, or see why it does not end',
    21: 'look at the host now: it may not be serving',
    22: "see the reason: free disk space, a running Docker, and an instance role that may pull from the registry and read the service's parameters",
    23: 'see the reason: the image must be in the registry for the platform of the host, and its command must start',
    24: 'the new container never got a request: check its health path, its start-up time and what it needs to start',
    25: 'the new container answered at first and failed under requests: read its log',
    26: 'the container that ran before is gone from the host, and so is its image: deploy it by its digest',
    27: 'the command itself failed: read its log',
};
/** What went wrong on a host; undefined where the program says that all went well. */
const failureOf = (host, ended) => {
    if (ended.state === 'ended')
        return failureOfVerdict(host, ended.verdict);
    const remedy = ended.state === 'unreached'
        ? 'the host was not changed: check its SSM agent and its network'
        : 'nobody saw how far the program came: it is asked what runs there';
    return { host, key: `${ended.state} ${ended.reason}`, reason: ended.reason, remedy, log: [] };
};
const failureOfVerdict = (host, { exit, reason, log, holder }) => {
    if (exit === 0)
        return undefined;
    const means = EXITS[exit]?.means ?? `the on-host program ended with ${exit}`;
    const remedy = REMEDIES[exit];
    return {
        host,
        key: `${exit} ${withoutIds(reason)}`,
        reason: `exit ${exit}: ${[means, exit === 20 ? holder : '', reason].filter((part) => part !== '').join(': ')}`,
        ...(remedy !== undefined && { remedy }),
        log,
    };
};
const withoutIds = (text) => text.replaceAll(/[0-9a-f]{8,}/g, '…').replaceAll(/\d+/g, '…');
/** Groups equal failures, most frequent first. */
const groupCauses = (failures, container) => [...Map.groupBy(failures, ({ key }) => key).values()]
    .map((group) => {
    const [{ reason, remedy }] = group;
    const log = group.map((failure) => failure.log).find((lines) => lines.length > 0);
    return {
        reason: `${group.map(({ host }) => host).join(', ')}: ${reason}`,
        count: group.length,
        container,
        ...(remedy !== undefined && { remedy }),
        ...(log && { log: [...log] }),
    };
})
    .toSorted((one, other) => other.count - one.count);

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ssm/dist-cjs/index.js
var dist_cjs = __webpack_require__(4736);
// EXTERNAL MODULE: ./build/lib/aws/errors.js
var errors = __webpack_require__(2811);
;// CONCATENATED MODULE: ./build/lib/host/program.js
// Made by scripts/host-program.ts from the parts in program/; edit those.
/** What runs on an EC2 host: a script for bash. */
const PROGRAM = [
    "#!/bin/bash\nset -uo pipefail\numask 077\nPATH=\u0024{PATH:-}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin\nexport PATH LC_ALL=C AWS_PAGER=''\nROOT=\u0024{SLIPWAY_ROOT:-}\nOPERATION=\u0024{SSM_Operation:-}\nSERVICE=\u0024{SSM_Service:-}\nIMAGE=\u0024{SSM_Image:-}\nRELEASE=\u0024{SSM_Release:-none}\nVERSION=\u0024{SSM_Version:-}\nCOMMAND=\u0024{SSM_Command:-}\nO='{''{' C='}''}'\ndocker() { command docker \"$@\" 3>&- 9>&-; }\ncurl() { command curl \"$@\" 3>&- 9>&-; }\naws() { command aws \"$@\" 3>&- 9>&-; }\npython3() { command python3 -I \"$@\" 3>&- 9>&-; }\nsleep() { command sleep \"$@\" 3>&- 9>&-; }\ntimeout() { command timeout \"$@\" 3>&- 9>&-; }\ncheck_parameters() {\n  case $OPERATION in\n    deploy | rollback | run | status | reconcile) ;;\n    *) refuse \"there is no operation '\u0024{OPERATION:0:40}'\" ;;\n  esac\n  [[ $SERVICE =~ ^[a-z][a-z0-9-]{0,30}$ ]] || refuse 'the name of the service is not one'\n  [[ $RELEASE =~ ^[A-Za-z0-9._-]{1,64}$ ]] || refuse 'the name of the release is not one'\n  [[ $VERSION =~ ^[A-Za-z0-9._-]{0,128}$ ]] || refuse 'the content tag is not one'\n  [[ $COMMAND =~ ^[A-Za-z0-9+/=]*$ && \u0024{#COMMAND} -le 8192 ]] || refuse 'the command is not base64 of at most 8,192 characters'\n  [[ -z $IMAGE || $IMAGE =~ ^[a-z0-9.:-]+/[a-z0-9][a-z0-9._/-]{0,199}@sha256:[a-f0-9]{64}$ ]] ||\n    refuse 'the image is not a reference by digest'\n}",
    'PHASE=lock RESULT=\'\' REASON=\'\' STATUS=0\nACTIVE=\'\' ACTIVE_IMAGE=\'\' PREVIOUS=\'\' PREVIOUS_IMAGE=\'\' PENDING=\'\' HOLDER=\'\' HOLDER_OPERATION=\'\'\nDIGEST=\'\' RUNNING_IMAGE=\'\' ANSWERED=\'\' RUNNING=false DRAINED=0\nWORK=\'\'\ndeclare -A TOOK=()\nSTEP_BEGAN=\u0024{EPOCHREALTIME/[.,]/}\nsay() { printf \'%(%H:%M:%S)T %s\\n\' -1 "$*"; }\nnow_ms() { printf \'%s\' "$((\u0024{EPOCHREALTIME/[.,]/} / 1000))"; }\nstep() {\n  local now=\u0024{EPOCHREALTIME/[.,]/}\n  TOOK[$PHASE]=$((\u0024{TOOK[$PHASE]:-0} + (now - STEP_BEGAN) / 1000))\n  STEP_BEGAN=$now PHASE=$1\n  say "== $1"\n}\nfinish() {\n  STATUS=$1 RESULT=$2 REASON=\u0024{3:-}\n  [[ -z $REASON ]] || say "$REASON"\n  exit "$STATUS"\n}\nrefuse() { finish 22 failed "$1"; }\nunexpected() {\n  RESULT=failed REASON="ended unexpectedly during \'$PHASE\'"\n  case $PHASE in\n    lock | preflight) STATUS=22 ;;\n    pull) STATUS=23 ;;\n    start) STATUS=23; put_back ;;\n    gate) STATUS=24; put_back ;;\n    run) STATUS=27; remove_commands ;;\n    *) STATUS=21 ;;\n  esac\n}\nput_back() {\n  [[ -z $CANDIDATE ]] || { discard "$REASON"; REASON=$WHY; }\n  restart_old || STATUS=21 REASON+="; $OLD_STOPPED, which was stopped for it, does not start"\n}\nread -r -d \'\' VERDICT_PROGRAM <<\'PYTHON\'\nimport json, os, re, sys\nfields = sys.stdin.buffer.read().decode("utf-8", "replace").split("\\0")\ngiven = dict(zip(fields[0::2], fields[1::2]))\nwork = given.pop("work")\ndef lines(name):\n    if not work:\n        return []\n    try:\n        with open(os.path.join(work, name), encoding="utf-8", errors="replace") as file:\n            return file.read().splitlines()\n    except OSError:\n        return []\nsecrets = sorted({line for line in lines("secrets") if len(line) >= 4}, key=len, reverse=True)\nlength = 80 if os.path.exists(os.path.join(work, "secrets")) else 0\ndef masked(text):\n    for secret in secrets:\n        text = text.replace(secret, "***")\n    text = re.sub("\\2([^\\3]*)\\3", lambda answer: answer[1][:length], text)\n    return "".join(c if c.isprintable() else " " for c in text)\nsteps = dict(step.split("=") for step in given.pop("steps").split())\nverdict = {"v": 1}\nfor key in ("operation", "phase", "result", "exit", "active", "previous", "previous_image", "digest", "image", "version",\n            "running", "pending", "holder", "holder_operation", "drain_s"):\n    verdict[key] = given[key]\nverdict.update(exit=int(given["exit"]), running=given["running"] == "true", drain_s=float(given["drain_s"]))\nverdict["version"] = masked(verdict["version"])[:128]\nverdict["phases"] = {name: int(took) for name, took in steps.items()}\nverdict["reason"] = masked(given["reason"])[:400]\nverdict["log"] = [masked(line)[:160] for line in lines("tail") if line.strip()][-20:]\ndef text():\n    return json.dumps(verdict, separators=(",", ":"))\nwhile len(text()) >= 1990 and verdict["log"]:\n    verdict["log"].pop(0)\nwhile len(text()) >= 1990 and verdict["reason"]:\n    verdict["reason"] = verdict["reason"][:-20]\nsys.stdout.write(text() + "\\n")\nshown = [masked(line)[:500] for line in lines("log")[-200:]]\nwhile sum(map(len, shown)) > 16000:\n    shown.pop(0)\nsys.stdout.write("".join(line + "\\n" for line in shown))\nPYTHON\nplain_verdict() {\n  local reason=\u0024{REASON//$\'\\2\'*$\'\\3\'/}\n  reason=\u0024{reason//[^A-Za-z0-9 .,:=\\/_-]/ }\n  printf \'{"v":1,"operation":"%s","phase":"%s","result":"%s","exit":%s,"active":"%s","previous":"%s",\' \\\n    "$1" "$PHASE" "$RESULT" "$STATUS" "$ACTIVE" "$PREVIOUS"\n  printf \'"previous_image":"%s","digest":"","image":"","version":"","running":false,\' "$PREVIOUS_IMAGE"\n  printf \'"pending":"%s","holder":"%s","holder_operation":"%s",\' "$PENDING" "$HOLDER" "$HOLDER_OPERATION"\n  printf \'"drain_s":0,"phases":{},"reason":"%s","log":[]}\\n\' "\u0024{reason:0:400}"\n}\nreport() {\n  trap \'\' TERM INT HUP\n  [[ -n $RESULT ]] || unexpected\n  local operation=$OPERATION ended=$PHASE name steps=\'\' text\n  [[ $operation =~ ^(deploy|rollback|run|status|reconcile)$ ]] || operation=status\n  step \'done\'\n  [[ $STATUS == 0 ]] || PHASE=$ended\n  for name in "\u0024{!TOOK[@]}"; do steps+="$name=\u0024{TOOK[$name]} "; done\n  observe\n  text=$(printf \'%s\\0\' work "$WORK" operation "$operation" phase "$PHASE" result "$RESULT" exit "$STATUS" \\\n    active "$ACTIVE" previous "$PREVIOUS" previous_image "$PREVIOUS_IMAGE" digest "$DIGEST" image "$RUNNING_IMAGE" \\\n    version "$ANSWERED" running "$RUNNING" pending "$PENDING" holder "$HOLDER" holder_operation "$HOLDER_OPERATION" \\\n    drain_s "$DRAINED" reason "$REASON" steps "$steps" |\n    python3 -c "$VERDICT_PROGRAM") || text=$(plain_verdict "$operation")\n  printf \'%s\\n\' "$text" >&3\n  [[ -z $WORK ]] || rm -rf "$WORK"\n  trap - EXIT\n  exit "$STATUS"\n}\nopen_log() {\n  exec 3>&1\n  trap report EXIT\n  trap \'exit 143\' TERM INT HUP\n  [[ $SERVICE =~ ^[a-z][a-z0-9-]{0,30}$ ]] || SERVICE=\'\'\n  local run=$ROOT/run/slipway-\u0024{SERVICE:-none}\n  if WORK=$({ mkdir -p "$run" && mktemp -d "$run/$$.XXXXXX"; } 2>/dev/null); then exec >"$WORK/log" 2>&1; else exec >/dev/null 2>&1; fi\n  [[ -n $WORK ]] || refuse "no folder could be made in $run"\n  export HOME="\u0024{HOME:-$WORK}" DOCKER_CONFIG="$WORK/docker"\n}',
    "REPOSITORY='' REGION='' NETWORK='' PREFIX='' PORT='' HEALTH_PATH=/healthz SMOKE_PATHS='' VERSION_PATH=/version\nPROXY='' PROXY_SOCKET='' PROXY_URL='' BACKEND='' PARAMETERS='' SECRET='' SECRETS=''\nHEALTH_TIMEOUT=60 HEALTHY_COUNT=2 BAKE_SECONDS=10 MAX_5XX_PERCENT=5 DRAIN_TIMEOUT=30 STOP_TIMEOUT=10 KEEP=2 LOCK_WAIT=0\nRUN_TIMEOUT=1500 RUNNING_SECONDS=10 REPLACE=overlap MEMORY='' CPUS='' VOLUMES='' LOG_GROUP=''\nMIN_FREE_MB=1024 MIN_FREE_INODES=10000 MIN_MEMORY_MB=64 TEST_HOST=no\nread_host_file() {\n  local file=$ROOT/etc/slipway/$SERVICE.env line key value\n  [[ -r $file ]] || refuse \"this host has no service '$SERVICE': there is no $file\"\n  [[ -O $file ]] || refuse \"$file belongs to somebody else than the user this runs as\"\n  while IFS= read -r line || [[ -n $line ]]; do\n    [[ -n $line && $line != \\#* ]] || continue\n    key=\u0024{line%%=*} value=\u0024{line#*=}\n    [[ $value != \\'*\\' ]] || value=\u0024{value:1:-1}\n    [[ -n $value ]] || continue\n    case $key in\n      HEALTH_TIMEOUT | HEALTHY_COUNT | BAKE_SECONDS | MAX_5XX_PERCENT | DRAIN_TIMEOUT | STOP_TIMEOUT | KEEP | LOCK_WAIT | \\\n        RUN_TIMEOUT | RUNNING_SECONDS | MIN_FREE_MB | MIN_FREE_INODES | MIN_MEMORY_MB | PORT)\n        [[ $value =~ ^[0-9]{1,9}$ ]] || refuse \"$key in $file is '$value'; it must be a whole number\"\n        ;;\n      REPOSITORY | REGION | NETWORK | PREFIX | HEALTH_PATH | SMOKE_PATHS | VERSION_PATH | PROXY | PROXY_SOCKET | PROXY_URL | \\\n        BACKEND | PARAMETERS | SECRET | SECRETS | REPLACE | MEMORY | CPUS | VOLUMES | LOG_GROUP | TEST_HOST) ;;\n      *) refuse \"$file has a line that begins with '\u0024{key:0:40}', which is no key of it\" ;;\n    esac\n    printf -v \"$key\" '%s' \"$value\"\n  done <\"$file\"\n  for key in REPOSITORY REGION NETWORK; do [[ -n \u0024{!key} ]] || refuse \"$file does not say $key\"; done\n  [[ -z $PORT || -n $PROXY_URL ]] || refuse \"$file says PORT and not PROXY_URL\"\n  NAME=$PREFIX$SERVICE\n  STATE=$ROOT/var/lib/slipway/$SERVICE\n  BACKEND=\u0024{BACKEND:-$SERVICE}\n  PROXY_SOCKET=\u0024{PROXY_SOCKET:-$ROOT/run/slipway/$SERVICE.sock}\n}\nfault() {\n  [[ $TEST_HOST != yes || \u0024{SLIPWAY_FAULT:-} != \"$1\" ]] || kill -9 $$\n}",
    'save() {\n  local file=$STATE/$1\n  printf \'%s\\n\' "$2" >"$file.new" && sync "$file.new" && mv "$file.new" "$file" || return 1\n  sync "$STATE" || true\n}\nload() {\n  ACTIVE=\'\' ACTIVE_IMAGE=\'\' PREVIOUS=\'\' PREVIOUS_IMAGE=\'\' PENDING=\'\'\n  [[ ! -f $STATE/active ]] || read -r ACTIVE ACTIVE_IMAGE <"$STATE/active"\n  [[ ! -f $STATE/previous ]] || read -r PREVIOUS PREVIOUS_IMAGE <"$STATE/previous"\n  [[ ! -f $STATE/pending ]] || read -r PENDING _ <"$STATE/pending"\n}\nrestore_previous() {\n  load\n  [[ -n $ACTIVE && $PREVIOUS == "$ACTIVE" ]] || return 0\n  if [[ -s $STATE/earlier ]]; then mv -f "$STATE/earlier" "$STATE/previous"; else rm -f "$STATE/previous"; fi\n  load\n}\nis_committed() { [[ $1 == "$ACTIVE" || $1 == "$PREVIOUS" ]] || grep -qxF -- "$1" "$STATE/committed" 2>/dev/null; }\nremember() {\n  local file=$1 line=$2\n  { [[ ! -f $STATE/$file ]] || grep -vxF -- "$line" "$STATE/$file"; printf \'%s\\n\' "$line"; } >"$WORK/$file"\n  save "$file" "$(tail -n 50 "$WORK/$file")"\n}\nborn() { sed -n \'s/.*) \\([^ZX] .*\\)/\\1/p\' "/proc/$1/stat" 2>/dev/null | cut -d \' \' -f 20; }\nread_holder() {\n  local release pid start operation\n  HOLDER=\'\' HOLDER_OPERATION=\'\'\n  [[ -f $STATE/holder ]] || return 0\n  read -r release pid start operation _ <"$STATE/holder"\n  [[ -z $pid || $pid == "$$" || "$(born "$pid")" != "$start" ]] || HOLDER=$release HOLDER_OPERATION=$operation\n}\ntry_lock() {\n  flock "$@" 9\n  local code=$?\n  ((code <= 1)) || refuse "the lock in $STATE could not be taken: flock ended with $code"\n  return "$code"\n}\nawait_name() {\n  local tries\n  for tries in {1..20}; do\n    read_holder\n    [[ -z $HOLDER ]] || break\n    sleep 0.1\n    ! try_lock -n || return 0\n  done\n  load\n  finish 20 busy "another operation is under way on this host: \u0024{HOLDER_OPERATION:-not known which}\u0024{HOLDER:+, release $HOLDER}"\n}\ntake_lock() {\n  mkdir -p "$STATE" || refuse "there is no folder $STATE, and it could not be made"\n  exec 9>>"$STATE/lock" || refuse "the lock in $STATE could not be opened; see the disk and its permissions"\n  try_lock -w "$LOCK_WAIT" || await_name\n  printf \'%s %s %s %s %s\\n\' "$RELEASE" "$$" "$(born $$)" "$OPERATION" "\u0024{SSM_COMMAND_ID:-by-hand}" >"$STATE/holder.new" &&\n    mv "$STATE/holder.new" "$STATE/holder"\n  remove_leftovers\n  load\n}\nremove_leftovers() {\n  local folder pid\n  [[ -n $WORK ]] || return 0\n  for folder in "\u0024{WORK%/*}/"[0-9]*.??????; do\n    pid=\u0024{folder##*/} pid=\u0024{pid%%.*}\n    [[ ! -d $folder || -d /proc/$pid ]] || rm -rf "$folder"\n  done\n}',
    'read -r -d \'\' PROXY_PROGRAM <<\'PYTHON\'\nimport csv, os, socket, sys\npath, command = sys.argv[1], " ".join(sys.argv[2:])\nos.chdir(os.path.dirname(path))\nwith socket.socket(socket.AF_UNIX) as connection:\n    connection.settimeout(5)\n    connection.connect(os.path.basename(path))\n    connection.sendall(("show stat" if sys.argv[2] == "stat" else command).encode() + b"\\n")\n    answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode().strip()\nif sys.argv[2] != "stat":\n    sys.exit(answer or 0)\nfor row in csv.DictReader(answer.lstrip("# ").splitlines()):\n    if (row["pxname"], row["svname"]) == (sys.argv[3], sys.argv[4]):\n        print(row["scur"], row["stot"], row["hrsp_5xx"] or 0, row["status"])\n        sys.exit(0)\nsys.exit("the proxy has no server " + "/".join(sys.argv[3:5]))\nPYTHON\nproxy() { python3 -c "$PROXY_PROGRAM" "$PROXY_SOCKET" "$@"; }\nslot() {\n  [[ -n $PORT && -n $1 ]] || return 0\n  proxy set server "$BACKEND/$1" state "$2"\n}\nlook_at_slot() {\n  local answer\n  answer=$(proxy stat "$BACKEND" "$1") && read -r IN_FLIGHT SENT ERRORS SLOT_STATUS <<<"$answer"\n}\nsurely() { "$@" || { ensure_proxy && "$@"; }; }\nis_up() { look_at_slot "$1" && [[ $SLOT_STATUS == UP* ]]; }\nwait_until_up() {\n  local end=$(($(now_ms) + 15000))\n  until is_up "$1"; do\n    (($(now_ms) < end)) || return 1\n    sleep 0.1\n  done\n}\nempty_slot() {\n  [[ -n $PORT && -n $1 ]] || return 0\n  look_at_slot "$1" || return 1\n  [[ $SLOT_STATUS != MAINT* ]] || { slot "$1" maint; return; }\n  local began end\n  began=$(now_ms) end=$(($(now_ms) + DRAIN_TIMEOUT * 1000))\n  slot "$1" drain || return 1\n  IN_FLIGHT=\'an unknown number of\'\n  until look_at_slot "$1" && ((IN_FLIGHT == 0)); do\n    if (($(now_ms) >= end)); then\n      say "$IN_FLIGHT requests on $1 are still in flight after $DRAIN_TIMEOUT s; they are cut"\n      break\n    fi\n    sleep 0.2\n  done\n  DRAINED=$(printf \'%d.%d\' $((($(now_ms) - began) / 1000)) $((($(now_ms) - began) % 1000 / 100)))\n  slot "$1" maint\n}\ndrain_slot() {\n  surely empty_slot "$1" && return 0\n  say "the proxy did not say whether requests are in flight on $1; it gets $DRAIN_TIMEOUT s"\n  sleep "$DRAIN_TIMEOUT"\n}\nother_slot() { [[ $1 == blue ]] && printf green || printf blue; }\nensure_proxy() {\n  [[ -n $PORT ]] || return 0\n  local tries\n  for tries in {1..50}; do\n    if proxy stat "$BACKEND" blue >/dev/null 2>"$WORK/proxy"; then return 0; fi\n    if [[ $tries == 1 && -n $PROXY ]] && ! is_running "$PROXY"; then\n      say "the proxy does not run; it is started"\n      docker start "$PROXY"\n    fi\n    sleep 0.2\n  done\n  say "the proxy does not answer on $PROXY_SOCKET: $(tail -n 1 "$WORK/proxy")"\n  return 1\n}',
    'container() { printf \'%s\' "$NAME-$1"; }\nfield() { docker inspect --format "$O$2$C" "$1" 2>/dev/null; }\nexists() { docker inspect --type container "$1" >/dev/null 2>&1; }\nis_running() { [[ "$(field "$1" .State.Running)" == true ]]; }\ncontainers() { docker ps --all --filter "label=slipway.service=$NAME" --format "$O.Names$C" "$@"; }\nrelease_of() { field "$1" \'(index .Config.Labels "slipway.release")\'; }\nimage_of() { field "$1" \'(index .Config.Labels "slipway.image")\'; }\nslot_of() {\n  local aliases\n  aliases=$(field "$1" "(index .NetworkSettings.Networks \\"$NETWORK\\").Aliases")\n  case " \u0024{aliases//[\\[\\]]/ } " in\n    *" $SERVICE-blue "*) printf blue ;;\n    *" $SERVICE-green "*) printf green ;;\n  esac\n}\naddress_of() { field "$1" "(index .NetworkSettings.Networks \\"$NETWORK\\").IPAddress"; }\ndigest_of() {\n  local digests wanted\n  digests=$(docker image inspect --format "\u0024{O}range .RepoDigests\u0024{C}\u0024{O}.\u0024{C} \u0024{O}end$C" "$(field "$1" .Image)" 2>/dev/null) ||\n    return 1\n  wanted=$(image_of "$1")\n  if [[ " $digests" != *" $wanted "* ]]; then\n    wanted=$(tr \' \' \'\\n\' <<<"$digests" | grep -m 1 -F -- "$REPOSITORY@") || return 1\n  fi\n  printf \'%s\' "$wanted"\n}\noptions() {\n  local volume volumes\n  OPTIONS=(--network "$NETWORK" --restart no --env-file "$WORK/environment" --pull never)\n  [[ -z $MEMORY ]] || OPTIONS+=(--memory "$MEMORY")\n  [[ -z $CPUS ]] || OPTIONS+=(--cpus "$CPUS")\n  read -ra volumes <<<"$VOLUMES"\n  for volume in "\u0024{volumes[@]}"; do OPTIONS+=(--volume "$volume"); done\n  if [[ -n $LOG_GROUP ]]; then\n    OPTIONS+=(--log-driver awslogs --log-opt "awslogs-group=$LOG_GROUP" --log-opt "awslogs-region=$REGION")\n  else\n    OPTIONS+=(--log-driver json-file --log-opt max-size=10m --log-opt max-file=3)\n  fi\n}\ncreate_container() {\n  local names=()\n  [[ -z $3 ]] || names=(--network-alias "$SERVICE-$3")\n  options\n  docker run --detach --name "$(container "$1")" "\u0024{OPTIONS[@]}" "\u0024{names[@]}" --label "slipway.service=$NAME" \\\n    --label "slipway.release=$1" --label "slipway.image=$2" "$2"\n}\nmove_to_slot() {\n  [[ -n $2 && "$(slot_of "$1")" != "$2" ]] || return 0\n  docker network disconnect "$NETWORK" "$1"\n  docker network connect --alias "$SERVICE-$2" "$NETWORK" "$1"\n}\nrestarts() {\n  [[ "$(field "$1" .HostConfig.RestartPolicy.Name)" == "$2" ]] || docker update --restart "$2" "$1" >/dev/null\n}\nstop_container() {\n  is_running "$1" || return 0\n  docker stop -t "$STOP_TIMEOUT" "$1" >/dev/null\n  [[ "$(field "$1" .State.ExitCode)" != 137 ]] || say "$1 did not end within $STOP_TIMEOUT s and was killed"\n}\nlearn_secrets() {\n  local plain=$ROOT/etc/slipway/$SERVICE.variables\n  local variables="\u0024{O}range .Config.Env\u0024{C}\u0024{O}println .\u0024{C}\u0024{O}end$C"\n  docker image inspect --format "$variables" "$(field "$1" .Image)" >"$WORK/known" 2>/dev/null\n  [[ ! -f $plain ]] || cat "$plain" >>"$WORK/known"\n  docker inspect --format "$variables" "$1" 2>/dev/null | grep -vxFf "$WORK/known" | cut -d = -f 2- >"$WORK/secrets"\n}\ndiagnose() {\n  local state\n  [[ -f $WORK/secrets ]] || learn_secrets "$1"\n  docker logs --tail 50 "$1" >"$WORK/tail" 2>&1\n  cat "$WORK/tail"\n  state=$(docker inspect --format "$O.State.Status$C $O.State.ExitCode$C $O.State.OOMKilled$C" "$1" 2>/dev/null) || state=\'gone\'\n  case $state in\n    *true) DIAGNOSIS="; it needed more than its memory\u0024{MEMORY:+ of $MEMORY} and was killed" ;;\n    exited*) DIAGNOSIS="; it exited with code \u0024{state//[^0-9]/}" ;;\n    running*) DIAGNOSIS=\'\' ;;\n    *) DIAGNOSIS="; it is \u0024{state%% *}" ;;\n  esac\n}\nquoted() { printf \'\\2%s\\3\' "$(tr \'\\0\\2\\3\\r\\n\' \' \')"; }\nask() {\n  local code\n  : >"$WORK/body"\n  if code=$(curl --silent --show-error --max-time 3 --noproxy \'*\' --header \'connection: close\' --output "$WORK/body" \\\n    --write-out \'%{http_code}\' "$1" 2>"$WORK/curl"); then\n    ANSWER=$code\n    [[ ! -s $WORK/body ]] || ANSWER+=" $(head -c 65536 "$WORK/body" | quoted)"\n  else\n    ANSWER=$(tail -n 1 "$WORK/curl")\n    return 1\n  fi\n  [[ $code == 200 ]]\n}\nask_version() {\n  ask "$1" && python3 -c \'import json, sys; print(json.load(sys.stdin)["version"])\' <"$WORK/body" 2>/dev/null\n}',
    'image_size() {\n  timeout 20 docker manifest inspect "$1" 2>/dev/null |\n    python3 -c \'import json, sys; print(sum(layer["size"] for layer in json.load(sys.stdin)["layers"]) // 1024)\' 2>/dev/null\n}\npreflight() {\n  local program\n  for program in docker curl python3 flock aws; do\n    command -v "$program" >/dev/null || refuse "this host has no $program"\n  done\n  timeout 30 docker info --format "$O.DockerRootDir$C" >"$WORK/root" 2>/dev/null || refuse \'the Docker engine does not answer\'\n  [[ -n $IMAGE ]] || refuse \'no image is given\'\n  [[ \u0024{IMAGE%@*} == "$REPOSITORY" ]] || refuse "the image is of \u0024{IMAGE%@*}; this service takes its images from $REPOSITORY"\n}\ncheck_space() {\n  local root size need=$((MIN_FREE_MB * 1024)) free inodes memory\n  root=$(<"$WORK/root")\n  [[ -d $root ]] || root=/\n  size=$(image_size "$IMAGE") || size=0\n  ((need >= size * 2)) || need=$((size * 2))\n  free=$(df -Pk "$root" | awk \'NR == 2 { print $4 }\')\n  inodes=$(df -Pi "$root" | awk \'NR == 2 && $2 > 0 { print $4 }\')\n  ((\u0024{free:-0} >= need)) || refuse "the disk of $root has $((\u0024{free:-0} / 1024)) MB free; $((need / 1024)) MB are needed"\n  [[ ! $inodes =~ ^[0-9]+$ ]] || ((inodes >= MIN_FREE_INODES)) ||\n    refuse "the disk of $root has $inodes inodes free; $MIN_FREE_INODES are needed"\n  memory=$(awk \'$1 == "MemAvailable:" { print int($2 / 1024) }\' /proc/meminfo)\n  ((memory >= MIN_MEMORY_MB)) || refuse "$memory MB of memory are free; $MIN_MEMORY_MB are needed"\n}\nlogin() {\n  local host=\u0024{REPOSITORY%%/*} region\n  [[ $host =~ \\.ecr\\.([a-z0-9-]+)\\. ]] && region=\u0024{BASH_REMATCH[1]} || region=$REGION\n  if ! { aws ecr get-login-password --region "$region" | docker login --username AWS --password-stdin "$host"; } >"$WORK/login" 2>&1; then\n    cat "$WORK/login"\n    refuse "this host cannot log in to $host: $(grep -m 1 -v -e \'^$\' -e WARNING "$WORK/login")"\n  fi\n}\nis_here() { docker image inspect --format "$O.RepoDigests$C" "$1" 2>/dev/null | tr \'[] \' \'\\n\' | grep -qxF -- "$1"; }\npull() {\n  remember images "$1"\n  docker pull --quiet "$1" || { WHY="the image could not be pulled: $(tail -n 1 "$WORK/log")"; return 1; }\n  is_here "$1" || { WHY=\'the engine does not know the image by the digest that was asked for\'; return 1; }\n}\nread -r -d \'\' ENVIRONMENT_PROGRAM <<\'PYTHON\'\nimport json, re, sys\nenvironment, secrets = sys.argv[1:3]\nwith open(environment, "a") as plain, open(secrets, "a") as hidden:\n    for parameter in json.load(sys.stdin)["Parameters"]:\n        name, value = parameter["Name"].rsplit("/", 1)[-1], parameter["Value"]\n        if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", name):\n            sys.exit(parameter["Name"] + " does not end in the name of a variable")\n        if "\\n" in value or "\\r" in value or "\\0" in value:\n            sys.exit(parameter["Name"] + " has more than one line, which an environment file cannot hold")\n        plain.write(name + "=" + value + "\\n")\n        if parameter.get("Type") == "SecureString":\n            hidden.write(value + "\\n")\nPYTHON\nread_parameters() {\n  aws ssm get-parameters-by-path --path "$PARAMETERS" --recursive --with-decryption --region "$REGION" --output json \\\n    >"$WORK/parameters" || refuse "this host may not read the parameters under $PARAMETERS; see the permissions of its role"\n  python3 -c "$ENVIRONMENT_PROGRAM" "$WORK/environment" "$WORK/secrets" <"$WORK/parameters" 2>"$WORK/refusal" ||\n    refuse "$(tail -n 1 "$WORK/refusal")"\n  rm -f "$WORK/parameters"\n}\nread -r -d \'\' SECRET_PROGRAM <<\'PYTHON\'\nimport json, sys\nenvironment, secrets = sys.argv[1:3]\ngiven = json.load(sys.stdin)\nwith open(environment, "a") as plain, open(secrets, "a") as hidden:\n    for name in sys.argv[3:]:\n        value = given.get(name) if isinstance(given, dict) else None\n        if not isinstance(value, str):\n            sys.exit("it is no JSON object with a text under " + name)\n        if "\\n" in value or "\\r" in value or "\\0" in value:\n            sys.exit(name + " has more than one line, which an environment file cannot hold")\n        plain.write(name + "=" + value + "\\n")\n        hidden.write(value + "\\n")\nPYTHON\nread_secret() {\n  local names\n  read -ra names <<<"$SECRETS"\n  aws secretsmanager get-secret-value --secret-id "$SECRET" --region "$REGION" --query SecretString --output text \\\n    >"$WORK/secret" || refuse "the secret $SECRET is not there, or this host may not read it"\n  python3 -c "$SECRET_PROGRAM" "$WORK/environment" "$WORK/secrets" "\u0024{names[@]}" <"$WORK/secret" 2>"$WORK/refusal" ||\n    refuse "the secret $SECRET cannot be used: $(tail -n 1 "$WORK/refusal")"\n  rm -f "$WORK/secret"\n}\nread_environment() {\n  local file=$ROOT/etc/slipway/$SERVICE.variables\n  : >"$WORK/environment"\n  : >"$WORK/secrets"\n  [[ ! -f $file ]] || cat "$file" >"$WORK/environment"\n  [[ -z $PARAMETERS ]] || read_parameters\n  [[ -z $SECRET ]] || read_secret\n}\nfetch_image() {\n  step preflight\n  preflight\n  login\n  check_space\n  read_environment\n  step pull\n  pull "$IMAGE" || finish 23 failed "$WHY"\n}',
    'CANDIDATE=\'\' OLD_STOPPED=\'\' NEW_RELEASE=\'\' NEW_IMAGE=\'\' NEW_SLOT=\'\' KEPT=\'\' WHY=\'\'\ndiscard() {\n  diagnose "$CANDIDATE"\n  WHY=$1$DIAGNOSIS\n  if [[ -n $KEPT ]]; then stop_container "$CANDIDATE"; else docker rm --force --volumes "$CANDIDATE" >/dev/null; fi\n  rm -f "$STATE/candidate"\n  prune\n}\nstop_old() {\n  save stopping "$ACTIVE" || refuse "the state could not be written to $STATE"\n  fault stopping\n  OLD_STOPPED=$ACTIVE\n  stop_container "$(container "$ACTIVE")"\n}\nrestart_old() {\n  [[ -n $OLD_STOPPED ]] || return 0\n  docker start "$(container "$OLD_STOPPED")" >/dev/null || return 1\n  OLD_STOPPED=\'\'\n  rm -f "$STATE/stopping"\n}\ngive_up() {\n  discard "$2"\n  restart_old || finish 21 failed "$WHY; $OLD_STOPPED, which was stopped for it, does not start: $(tail -n 1 "$WORK/log")"\n  finish "$1" failed "$WHY"\n}\nreject() { give_up 24 "$1"; }\nawait_health() {\n  local target=$1 end good=0\n  end=$(($(now_ms) + HEALTH_TIMEOUT * 1000)) ANSWER=\'nothing yet\'\n  while ((good < HEALTHY_COUNT)); do\n    is_running "$target" || { WHY=\'the container ended before it was healthy\'; return 1; }\n    if ask "http://$(address_of "$target"):$PORT$HEALTH_PATH"; then good=$((good + 1)); else good=0; fi\n    [[ -z $CANDIDATE ]] || slot "$NEW_SLOT" maint >/dev/null\n    if (($(now_ms) >= end && good < HEALTHY_COUNT)); then\n      WHY="the container was not healthy within $HEALTH_TIMEOUT s: $HEALTH_PATH answered \u0024{ANSWER}"\n      return 1\n    fi\n    sleep 0.3\n  done\n}\nawait_worker() {\n  local target=$1 end health\n  health=$(docker inspect --format "\u0024{O}with .State.Health\u0024{C}\u0024{O}.Status\u0024{C}\u0024{O}end$C" "$target")\n  end=$(($(now_ms) + (\u0024{#health} > 0 ? HEALTH_TIMEOUT : RUNNING_SECONDS) * 1000))\n  while (($(now_ms) < end)); do\n    is_running "$target" || { WHY=\'the container ended before it was healthy\'; return 1; }\n    [[ -z $health ]] || health=$(field "$target" .State.Health.Status)\n    case $health in\n      healthy) return 0 ;;\n      unhealthy) WHY=\'its health check failed\'; return 1 ;;\n    esac\n    sleep 0.3\n  done\n  [[ -z $health ]] || { WHY="its health check did not succeed within $HEALTH_TIMEOUT s"; return 1; }\n}\nsmoke() {\n  local path paths try\n  read -ra paths <<<"$SMOKE_PATHS"\n  for path in "\u0024{paths[@]}"; do\n    for try in 1 2 3; do\n      ask "$1$path" && continue 2\n      ((try == 3)) || sleep 0.5\n    done\n    WHY="$path answered $ANSWER"\n    return 1\n  done\n}\ncheck_version() {\n  [[ -n $VERSION ]] || return 0\n  local answered shown=none\n  if answered=$(ask_version "$1$VERSION_PATH"); then shown=$(printf \'%s\' "$answered" | quoted); fi\n  [[ $answered == "$VERSION" ]] || { WHY="$VERSION_PATH answers with version $shown, expected $VERSION"; return 1; }\n}\ngate() {\n  step gate\n  if [[ -z $PORT ]]; then\n    await_worker "$CANDIDATE" || reject "$WHY"\n  else\n    await_health "$CANDIDATE" || reject "$WHY"\n    local base\n    base=http://$(address_of "$CANDIDATE"):$PORT\n    smoke "$base" || reject "before it got requests, $WHY"\n    check_version "$base" || reject "$WHY"\n  fi\n  fault healthy\n}',
    'switch_back() {\n  say "switching back: $1"\n  surely slot "$OLD_SLOT" ready || finish 21 failed "$1; it could not be switched back, because the proxy does not answer"\n  [[ -z $PORT ]] || drain_slot "$NEW_SLOT"\n  restore_previous\n  rm -f "$STATE/pending"\n  sleep 0.5\n  discard "$1"\n  [[ -z $ACTIVE ]] || restarts "$(container "$ACTIVE")" unless-stopped\n  restart_old || finish 21 failed "$WHY; $OLD_STOPPED, which was stopped for it, does not start: $(tail -n 1 "$WORK/log")"\n  finish 25 failed "$WHY"\n}\nswitch_over() {\n  step switch\n  save pending "$NEW_RELEASE $NEW_IMAGE" || reject "the state could not be written to $STATE"\n  PENDING=$NEW_RELEASE\n  fault pending\n  [[ -n $PORT ]] || return 0\n  slot "$NEW_SLOT" ready\n  wait_until_up "$NEW_SLOT" || switch_back "the proxy did not see the new version up: $SLOT_STATUS"\n  fault both\n  look_at_slot "$NEW_SLOT"\n  SENT_BEFORE=$SENT ERRORS_BEFORE=$ERRORS\n  surely slot "$OLD_SLOT" drain || switch_back \'the proxy did not take the old version out\'\n  fault routed\n}\nlook_at_bake() {\n  is_running "$CANDIDATE" || { WHY=\'the container ended\'; return 1; }\n  if [[ -z $PORT ]]; then\n    [[ "$(docker inspect --format "\u0024{O}with .State.Health\u0024{C}\u0024{O}.Status\u0024{C}\u0024{O}end$C" "$CANDIDATE")" != unhealthy ]] ||\n      { WHY=\'its health check failed\'; return 1; }\n    return 0\n  fi\n  local path paths errors sent\n  read -ra paths <<<"$HEALTH_PATH $SMOKE_PATHS"\n  for path in "\u0024{paths[@]}"; do\n    ask "$PROXY_URL$path" || { WHY="$path answered $ANSWER"; return 1; }\n  done\n  look_at_slot "$NEW_SLOT" || return 0\n  errors=$((ERRORS - ERRORS_BEFORE)) sent=$((SENT - SENT_BEFORE))\n  SENT_BEFORE=$SENT ERRORS_BEFORE=$ERRORS\n  ((errors * 100 <= sent * MAX_5XX_PERCENT)) || { WHY="$errors of $sent answers were errors (5xx)"; return 1; }\n}\nbake() {\n  step bake\n  local end bad=0\n  end=$(($(now_ms) + BAKE_SECONDS * 1000))\n  [[ -z $PORT ]] || check_version "$PROXY_URL" || check_version "$PROXY_URL" || switch_back "through the proxy, $WHY"\n  while (($(now_ms) < end || bad > 0)); do\n    slot "$OLD_SLOT" drain\n    if look_at_bake; then bad=0; else bad=$((bad + 1)); fi\n    if ((bad > 1)) || ! is_running "$CANDIDATE"; then switch_back "after the switch, \u0024{WHY:-the container ended}"; fi\n    sleep 0.5\n  done\n  fault baked\n}\ncommit() {\n  step commit\n  local unwritten="the state could not be written to $STATE"\n  restarts "$CANDIDATE" unless-stopped || switch_back \'the engine did not take its restart policy\'\n  fault restarts\n  [[ -z $ACTIVE ]] || ! exists "$(container "$ACTIVE")" || restarts "$(container "$ACTIVE")" no\n  fault rests\n  remember committed "$NEW_RELEASE" || switch_back "$unwritten"\n  fault remembered\n  save earlier "$PREVIOUS\u0024{PREVIOUS:+ $PREVIOUS_IMAGE}" || switch_back "$unwritten"\n  [[ -z $ACTIVE ]] || save previous "$ACTIVE $ACTIVE_IMAGE" || switch_back "$unwritten"\n  fault predecessor\n  save active "$NEW_RELEASE $NEW_IMAGE" || switch_back "$unwritten"\n  fault activated\n  rm -f "$STATE/pending" "$STATE/stopping" "$STATE/candidate" "$STATE/earlier"\n  fault committed\n  OLD=$ACTIVE OLD_STOPPED=\'\'\n  load\n}\nretire() {\n  step drain\n  [[ -n $OLD ]] || return 0\n  drain_slot "$OLD_SLOT"\n  fault drained\n  stop_container "$(container "$OLD")"\n  fault stopped\n}\nprune() {\n  local name release image kept=0\n  [[ -z $PREVIOUS ]] || kept=1\n  for name in $(containers --filter status=exited --filter status=created --filter status=dead); do\n    release=\u0024{name#"$NAME-"}\n    if [[ $release == "$ACTIVE" || $release == "$PREVIOUS" || $name == "$CANDIDATE" && -n $KEPT ]]; then continue; fi\n    if is_committed "$release" && ((kept < KEEP)); then kept=$((kept + 1)); else docker rm --volumes "$name" >/dev/null; fi\n  done\n  [[ -f $STATE/images ]] || return 0\n  for name in $(containers); do image_of "$name"; done >"$WORK/needed"\n  for name in "\u0024{STATE%/*}"/*/images; do [[ $name == "$STATE/images" ]] || cat "$name"; done >"$WORK/others"\n  while read -r image; do\n    grep -qxF -- "$image" "$WORK/needed" "$WORK/others" || docker image rm "$image" >/dev/null 2>&1\n  done <"$STATE/images"\n  save images "$(sort -u "$WORK/needed")"\n}',
    'serves() {\n  [[ -n $ACTIVE ]] || return 1\n  is_running "$(container "$ACTIVE")" || return 1\n  [[ -z $PORT ]] || is_up "$(slot_of "$(container "$ACTIVE")")"\n}\nadopt() {\n  local name found candidate=\'\' running=() committed=()\n  [[ ! -f $STATE/candidate ]] || candidate=$NAME-$(<"$STATE/candidate")\n  for name in $(containers --filter status=running); do\n    [[ $name == "$candidate" ]] || running+=("$name")\n    [[ "$(field "$name" .HostConfig.RestartPolicy.Name)" != unless-stopped ]] || committed+=("$name")\n  done\n  ((\u0024{#committed[@]} > 0)) || committed=("\u0024{running[@]}")\n  ((\u0024{#committed[@]} < 2)) || { WHY="\u0024{committed[*]}"; return 1; }\n  found=\u0024{committed[0]:-}\n  [[ -n $found ]] || return 0\n  save active "$(release_of "$found") $(image_of "$found")" && load\n  say "$ACTIVE runs and is not on record; it is taken as what is to run"\n}\nbring_back() {\n  local name slot\n  name=$(container "$ACTIVE")\n  if ! exists "$name"; then\n    say "the container of $ACTIVE is gone; it is made anew"\n    read_environment\n    is_here "$ACTIVE_IMAGE" || { login && pull "$ACTIVE_IMAGE"; } || return 1\n    OLD_SLOT=\u0024{PORT:+blue}\n    create_container "$ACTIVE" "$ACTIVE_IMAGE" "$OLD_SLOT" || return 1\n  elif ! is_running "$name"; then\n    say "$ACTIVE does not run; it is started"\n    docker start "$name" >/dev/null || return 1\n  fi\n  restarts "$name" unless-stopped\n  [[ -n $PORT ]] || return 0\n  slot=$(slot_of "$name")\n  is_up "$slot" && return 0\n  await_health "$name" || return 1\n  slot "$slot" ready && wait_until_up "$slot"\n}\nremove_commands() {\n  local name\n  for name in $(docker ps --all --quiet --filter "label=slipway.run=$NAME"); do\n    docker rm --force --volumes "$name" >/dev/null\n  done\n}\nclear_others() {\n  local name release\n  drain_slot "$1"\n  for name in $(containers); do\n    release=\u0024{name#"$NAME-"}\n    [[ $release != "$ACTIVE" ]] || continue\n    if is_committed "$release"; then\n      restarts "$name" no\n      stop_container "$name"\n    else\n      say "$release was never committed; its container is removed"\n      docker rm --force --volumes "$name" >/dev/null\n    fi\n  done\n  remove_commands\n  rm -f "$STATE/pending" "$STATE/candidate"\n  PENDING=\'\'\n}\nend_stop() {\n  [[ -f $STATE/stopping ]] || return 0\n  local name\n  name=$(container "$(<"$STATE/stopping")")\n  ! exists "$name" || stop_container "$name"\n  rm -f "$STATE/stopping"\n}\nreconcile() {\n  step reconcile\n  timeout 30 docker info >/dev/null 2>&1 || refuse \'the Docker engine does not answer\'\n  ensure_proxy || finish 21 failed "the proxy does not answer on $PROXY_SOCKET"\n  [[ -n $ACTIVE ]] || adopt ||\n    finish 21 failed "it is not on record what is to run, and more than one container does: $WHY; stop all but one, and do it again"\n  restore_previous\n  end_stop\n  if [[ -z $ACTIVE ]]; then\n    empty_slot blue\n    OLD_SLOT=\u0024{PORT:+green}\n    clear_others "$OLD_SLOT"\n    OLD_SLOT=\'\'\n    return 0\n  fi\n  OLD_SLOT=\u0024{PORT:+$(slot_of "$(container "$ACTIVE")")}\n  [[ -n $PORT || $REPLACE != stop-first ]] || clear_others \'\'\n  if ! bring_back; then\n    say "$ACTIVE could not be brought back: \u0024{WHY:-see above}"\n    [[ $OPERATION != reconcile ]] || return 1\n  fi\n  clear_others "\u0024{PORT:+$(other_slot "\u0024{OLD_SLOT:-green}")}"\n  fault reconcile\n}',
    'observe() {\n  [[ -n \u0024{STATE:-} ]] || return 0\n  load\n  [[ -n $ACTIVE ]] || return 0\n  local name\n  name=$(container "$ACTIVE")\n  RUNNING_IMAGE=$(timeout 20 docker inspect --format "$O.Image$C" "$name" 2>/dev/null) || { RUNNING_IMAGE=\'\'; return 0; }\n  RUNNING_IMAGE=$(digest_of "$name") || RUNNING_IMAGE=\'\'\n  DIGEST=\u0024{RUNNING_IMAGE#*@}\n  serves 2>/dev/null && RUNNING=true\n  [[ -z $PORT || $RUNNING == false ]] || ANSWERED=$(ask_version "http://$(address_of "$name"):$PORT$VERSION_PATH") || ANSWERED=\'\'\n}\npasses() {\n  serves || return 1\n  [[ -n $PORT ]] || return 0\n  ask "$PROXY_URL$HEALTH_PATH" && smoke "$PROXY_URL" && check_version "$PROXY_URL"\n}\nalready_active() { [[ -n $ACTIVE && "$(digest_of "$(container "$ACTIVE")")" == "$IMAGE" ]]; }\nreplace() {\n  gate\n  switch_over\n  bake\n  commit\n  retire\n  step prune\n  prune\n}\nclose_idle_slot() {\n  NEW_SLOT=\u0024{PORT:+$(other_slot "\u0024{OLD_SLOT:-green}")}\n  [[ -z $PORT ]] || surely empty_slot "$NEW_SLOT" || finish 21 failed \'the proxy did not close the idle slot\'\n  [[ -n $PORT || $REPLACE != stop-first || -z $ACTIVE ]] || stop_old\n}\nstart_new() {\n  step start\n  NEW_RELEASE=$RELEASE NEW_IMAGE=$IMAGE\n  while [[ $NEW_RELEASE == "$ACTIVE" ]]; do NEW_RELEASE+=.again; done\n  CANDIDATE=$(container "$NEW_RELEASE")\n  save candidate "$NEW_RELEASE" || refuse "the state could not be written to $STATE"\n  close_idle_slot\n  docker rm --force --volumes "$CANDIDATE" >/dev/null 2>&1\n  create_container "$NEW_RELEASE" "$IMAGE" "$NEW_SLOT" ||\n    give_up 23 "the container could not be started: $(grep -i error "$WORK/log" | tail -n 1)"\n  fault started\n}\ndeploy() {\n  take_lock\n  reconcile\n  if already_active; then\n    passes && finish 0 noop\n    say "$RELEASE is active and does not pass: \u0024{WHY:-$ANSWER}; a new container takes its place"\n  fi\n  fetch_image\n  start_new\n  replace\n  finish 0 deployed\n}\nfind_kept() {\n  local name\n  for name in "$(container "$RELEASE")" $(containers --filter status=exited); do\n    exists "$name" || continue\n    is_committed "\u0024{name#"$NAME-"}" || continue\n    [[ -z $IMAGE || "$(image_of "$name")" == "$IMAGE" ]] || continue\n    [[ -n $IMAGE || $name == "$(container "$RELEASE")" ]] || continue\n    CANDIDATE=$name KEPT=yes NEW_RELEASE=\u0024{name#"$NAME-"} NEW_IMAGE=$(image_of "$name")\n    return 0\n  done\n  return 1\n}\nrollback() {\n  take_lock\n  reconcile\n  if { [[ -z $IMAGE && $RELEASE == "$ACTIVE" ]] || already_active; } && passes; then finish 0 noop; fi\n  if find_kept && [[ $NEW_RELEASE != "$ACTIVE" ]]; then\n    step start\n    close_idle_slot\n    : >"$WORK/environment"\n    if ! { move_to_slot "$CANDIDATE" "$NEW_SLOT" && docker start "$CANDIDATE" >/dev/null; }; then\n      give_up 23 "the container of $NEW_RELEASE could not be started: $(tail -n 1 "$WORK/log")"\n    fi\n    fault started\n  else\n    KEPT=\'\'\n    [[ -n $IMAGE ]] || finish 26 failed "release $RELEASE is not on this host any more"\n    fetch_image\n    start_new\n  fi\n  replace\n  finish 0 rolled-back\n}\nrun_command() {\n  local name code words=()\n  take_lock\n  mapfile -d \'\' -t words < <(base64 -d <<<"$COMMAND" 2>/dev/null | python3 -c \'\nimport json, sys\nwords = json.load(sys.stdin)\nif not (isinstance(words, list) and words and all(isinstance(word, str) and "\\0" not in word for word in words)): sys.exit(1)\nsys.stdout.write("".join(word + "\\0" for word in words))\' 2>/dev/null)\n  ((\u0024{#words[@]} > 0)) || refuse \'the command is not a JSON array of words, in base64\'\n  fetch_image\n  step run\n  name=$(container "$RELEASE")-run\n  remove_commands\n  options\n  docker run --detach --name "$name" "\u0024{OPTIONS[@]}" --label "slipway.run=$NAME" "$IMAGE" "\u0024{words[@]}" >/dev/null ||\n    finish 23 failed "the command could not be started: $(tail -n 1 "$WORK/log")"\n  fault started\n  timeout "$RUN_TIMEOUT" docker wait "$name" >/dev/null\n  case $? in\n    0) code=$(field "$name" .State.ExitCode) ;;\n    124) code=late ;;\n    *) code=unknown ;;\n  esac\n  diagnose "$name"\n  docker rm --force --volumes "$name" >/dev/null\n  case $code in\n    0) finish 0 ran ;;\n    unknown | \'\') finish 27 failed \'the engine did not say how the command ended; it may have been restarted\' ;;\n    late) finish 27 failed "the command did not end within $RUN_TIMEOUT s" ;;\n    *) finish 27 failed "the command failed$DIAGNOSIS" ;;\n  esac\n}\nmain() {\n  open_log\n  check_parameters\n  read_host_file\n  case $OPERATION in\n    deploy) deploy ;;\n    rollback) rollback ;;\n    run) run_command ;;\n    status)\n      load\n      read_holder\n      finish 0 reported\n      ;;\n    reconcile)\n      take_lock\n      reconcile || finish 21 failed "$ACTIVE could not be brought back: \u0024{WHY:-see the log}"\n      finish 0 reconciled\n      ;;\n  esac\n}\nmain',
    '',
].join('\n');

;// CONCATENATED MODULE: ./build/lib/host/document.js


/** The first version of the SSM agent that hands parameters over as environment variables. */
const AGENT_VERSION = '3.3.2746.0';
/** Longer than any deployment, so that only what hangs is ended by it. */
const SECONDS = '1800';
/** Longest value of `Command`. The agent's regular expressions cannot count so far. */
const COMMAND_LENGTH = 8192;
const parameter = (description, rest) => ({
    type: 'String',
    description,
    interpolationType: 'ENV_VAR',
    ...rest,
});
/**
 * The SSM document that runs the program on a host. What it may be given is chosen so that the deploy role decides which image of
 * `registryHost` runs, and nothing else. The agent's patterns are RE2 and not anchored, so each of these is.
 */
const hostDocument = (registryHost) => ({
    schemaVersion: '2.2',
    description: 'Switches a service on a Docker host to another image, and says what runs there',
    parameters: {
        // Old agents check patterns only, and the service values too.
        Operation: parameter('What to do.', { allowedValues: [...OPERATIONS], allowedPattern: `^(${OPERATIONS.join('|')})$` }),
        Service: parameter('Name of the service, and of its file in /etc/slipway.', { allowedPattern: '^[a-z][a-z0-9-]{0,30}$' }),
        Image: parameter('Image by digest. Empty for status and reconcile.', {
            default: '',
            allowedPattern: `^(${registryHost.replaceAll('.', '\\.')}/[a-z0-9][a-z0-9._/-]{0,199}@sha256:[a-f0-9]{64})?$`,
        }),
        Release: parameter('Name of the release; for rollback the one to go back to.', {
            default: 'none',
            allowedPattern: '^[A-Za-z0-9._-]{1,64}$',
        }),
        Version: parameter('Content tag that /version is to answer with. Empty: it is not compared.', {
            default: '',
            allowedPattern: '^[A-Za-z0-9._-]{0,128}$',
        }),
        Command: parameter('Command of run, a JSON array of words in base64, so that no character of it means anything to a shell.', {
            default: '',
            allowedPattern: '^[A-Za-z0-9+/=]*$',
            maxChars: COMMAND_LENGTH,
        }),
    },
    mainSteps: [
        {
            action: 'aws:runShellScript',
            name: 'host',
            precondition: { StringEquals: ['platformType', 'Linux'] },
            inputs: { timeoutSeconds: SECONDS, runCommand: PROGRAM.trimEnd().split('\n') },
        },
    ],
});

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ec2/document.js




const REMEDY = 'nothing was changed. Create or update the document (docs/ec2-hosts.md says how)';
/**
 * Reads the document and compares it with what this version of the action expects a host to run, so that a host never runs a
 * program that nobody here has seen. Rejects with a `Refusal` where it is another one.
 */
const pinDocument = async ({ ssm, document: Name }, registryHost) => {
    const missing = (error) => {
        if (!(0,errors/* isNamed */.ev)(error, 'InvalidDocument', 'InvalidDocumentVersion'))
            throw error;
        throw new refusal/* Refusal */.P(`there is no SSM document '${Name}' in this account and region; ${REMEDY}`, { cause: error });
    };
    const { Document = {} } = await (0,errors/* call */.T1)('ssm:DescribeDocument', () => ssm.send(new dist_cjs.DescribeDocumentCommand({ Name }))).catch(missing);
    const { DocumentVersion: version = '', Hash: hash = '', HashType, Status } = Document;
    if (Status !== 'Active')
        throw new refusal/* Refusal */.P(`the SSM document '${Name}' is ${Status ?? 'in an unknown state'}; nothing was changed`);
    if (HashType !== 'Sha256' || hash === '' || version === '')
        throw new refusal/* Refusal */.P(`the SSM document '${Name}' has no Sha256 hash, so it cannot be pinned; ${REMEDY}`);
    const command = new dist_cjs.GetDocumentCommand({ Name, DocumentVersion: version, DocumentFormat: 'JSON' });
    const { Content = '' } = await (0,errors/* call */.T1)('ssm:GetDocument', () => ssm.send(command)).catch(missing);
    const difference = differenceOf(parsed(Content), hostDocument(registryHost));
    if (difference === undefined)
        return { version, hash };
    throw new refusal/* Refusal */.P(`version ${version} of the SSM document '${Name}' is not the one that this version of the action works with (${difference} differs); ${REMEDY}`);
};
const parsed = (content) => {
    try {
        return JSON.parse(content);
    }
    catch {
        return undefined;
    }
};
/**
 * Where two JSON values differ first, as a path; undefined where they are equal. The order of keys does not count, nor whether
 * a number is one or its text: CloudFormation hands them on as text.
 */
const differenceOf = (one, other, path = '') => {
    if (!isObject(one) || !isObject(other))
        return scalar(one) === scalar(other) ? undefined : path || 'the whole';
    if (Array.isArray(one) !== Array.isArray(other))
        return path || 'the whole';
    for (const key of new Set([...Object.keys(one), ...Object.keys(other)])) {
        const difference = differenceOf(one[key], other[key], path === '' ? key : `${path}.${key}`);
        if (difference !== undefined)
            return difference;
    }
    return undefined;
};
const scalar = (value) => (typeof value === 'number' || typeof value === 'boolean' ? String(value) : value);
const isObject = (value) => typeof value === 'object' && value !== null;

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ec2/ledger.js
const createLedger = () => {
    const rows = new Map();
    const known = new Set();
    const change = (id, over) => {
        rows.set(id, { ...(rows.get(id) ?? { id, verdict: '' }), ...over });
    };
    return {
        rows: () => [...rows.values()].toSorted((one, other) => (one.id < other.id ? -1 : 1)),
        before: (id, digest) => {
            if (known.has(id))
                return;
            known.add(id);
            change(id, { verdict: 'not touched', ...(digest && { before: digest }) });
        },
        note: (id, verdict) => change(id, { verdict }),
        ended: (id, { digest, running, phases, drain_s }, verdict, took) => change(id, { verdict, took, phases, drain: drain_s, after: running ? digest : '' }),
        seen: (id, digest) => change(id, { after: digest ?? '' }),
    };
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ec2/fitness.js

/** Milliseconds in which a host that was launched may be expected to register. */
const REGISTRATION = 300_000;
/** Undefined where the host can be deployed to, as far as AWS can tell: its disk and its Docker speak for themselves. */
const unfitnessOf = ({ id, state, age, hasProfile, agent }) => {
    const say = (kind, text) => ({ kind, sentence: `${id} ${text}` });
    if (state === 'pending')
        return say('starting', 'is still starting');
    if (state !== 'running')
        return say('stopped', `is ${state}`);
    if (agent === undefined && hasProfile && age < REGISTRATION) {
        return say('starting', 'was launched a moment ago and is not yet registered with Systems Manager');
    }
    if (agent === undefined) {
        return hasProfile
            ? say('unreached', 'is not registered with Systems Manager: check that its agent runs, that its role has AmazonSSMManagedInstanceCore, and that it reaches the ssm and ssmmessages endpoints')
            : say('unfit', 'has no instance profile: give it one whose role has AmazonSSMManagedInstanceCore and may pull the image');
    }
    if (agent.platform !== 'Linux')
        return say('unfit', `runs ${agent.platform || 'an unknown system'}; only Linux hosts can be deployed to`);
    if (isOlder(agent.version, AGENT_VERSION)) {
        return say('unfit', `has the SSM agent ${agent.version || '(unknown)'}, which would put parameters into the script as text; update it to ${AGENT_VERSION} or later (AWS-UpdateSSMAgent)`);
    }
    if (agent.ping !== 'Online') {
        const last = agent.lastPing ? `, last heard of at ${agent.lastPing.toISOString()}` : '';
        return say('unreached', `is not online for Systems Manager (${agent.ping || 'no answer'}${last}): check its agent and its network`);
    }
    return undefined;
};
/** Numbers compared part by part; a version that cannot be read is older than all. */
const isOlder = (version, than) => {
    const parts = version.split('.').map(Number);
    if (version === '' || parts.some(Number.isNaN))
        return true;
    for (const [index, needed] of than.split('.').map(Number).entries()) {
        const part = parts[index] ?? 0;
        if (part !== needed)
            return part < needed;
    }
    return false;
};

// EXTERNAL MODULE: ./node_modules/@aws-sdk/client-ec2/dist-cjs/index.js
var client_ec2_dist_cjs = __webpack_require__(5193);
;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ec2/fleet.js
/** The most hosts that one SendCommand takes, and one DescribeInstanceInformation names. */
const AT_ONCE = 50;
const chunksOf = (all, size) => Array.from({ length: Math.ceil(all.length / size) }, (_, index) => all.slice(index * size, (index + 1) * size));

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ec2/hosts.js




/** All instances with the tag that are not on their way out, by id. Two rounds of calls. */
const findHosts = async (fleet) => {
    const instances = await describeInstances(fleet);
    const agents = await describeAgents(fleet, instances.flatMap(({ InstanceId, State }) => (InstanceId && State?.Name === 'running' ? [InstanceId] : [])));
    return instances
        .map((instance) => hostOf(instance, agents.get(instance.InstanceId ?? ''), fleet.tools.clock.now()))
        .toSorted((one, other) => (one.id < other.id ? -1 : 1));
};
const describeInstances = async ({ ec2, tag }) => {
    const Filters = [
        { Name: `tag:${tag.key}`, Values: [tag.value] },
        { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
    ];
    const instances = [];
    let NextToken;
    do {
        const command = new client_ec2_dist_cjs.DescribeInstancesCommand({ Filters, ...(NextToken && { NextToken }) });
        const page = await (0,errors/* call */.T1)('ec2:DescribeInstances', () => ec2.send(command));
        instances.push(...(page.Reservations ?? []).flatMap(({ Instances = [] }) => Instances));
        NextToken = page.NextToken;
    } while (NextToken);
    return instances;
};
const describeAgents = async ({ ssm }, ids) => {
    const parts = chunksOf(ids, AT_ONCE).map(async (Values) => {
        const found = [];
        let NextToken;
        do {
            const input = { Filters: [{ Key: 'InstanceIds', Values }], MaxResults: AT_ONCE, ...(NextToken && { NextToken }) };
            const page = await (0,errors/* call */.T1)('ssm:DescribeInstanceInformation', () => ssm.send(new dist_cjs.DescribeInstanceInformationCommand(input)));
            for (const agent of page.InstanceInformationList ?? [])
                found.push([agent.InstanceId ?? '', agent]);
            NextToken = page.NextToken;
        } while (NextToken);
        return found;
    });
    return new Map((await Promise.all(parts)).flat());
};
const ARCHITECTURES = { x86_64: 'amd64', arm64: 'arm64' };
const hostOf = (instance, agent, now) => ({
    id: instance.InstanceId ?? '',
    state: instance.State?.Name ?? '',
    age: now - (instance.LaunchTime?.getTime() ?? 0),
    architecture: ARCHITECTURES[instance.Architecture ?? ''],
    hasProfile: instance.IamInstanceProfile !== undefined,
    agent: agent && {
        ping: agent.PingStatus ?? '',
        version: agent.AgentVersion ?? '',
        platform: agent.PlatformType ?? '',
        lastPing: agent.LastPingDateTime,
    },
});

// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ec2/command.js



/** Seconds in which a command must reach an agent that is online. The least that AWS takes is 30. */
const DELIVERY = 60;
const ATTEMPTS = 3;
const LOOKS = 4;
/** Of a command that is to run once: until it is certain that it would be listed. */
const LOOKS_OF_RUN = 8;
/** A comment may have 100 characters; operation and number need the rest. */
const LONGEST_MARK = 80;
/** A clock may be ahead of AWS's. */
const SKEW = 300_000;
/** How commands of one deployment of one service begin in their comment: how another process finds them. */
const mark = (service, deployment) => `${`${service} ${deployment}`.slice(0, LONGEST_MARK)} `;
/**
 * Sends one command and resolves to its id. The API takes no token, so it is sent once; where the answer got lost it is looked for
 * by its comment, and sent again only where Systems Manager does not list it. Twice would be harmless as well: a host has a lock,
 * and what it runs already it does not deploy again.
 */
const sendOrder = async (fleet, order) => {
    const { once, tools, service, document, pin, version } = fleet;
    const { operation, ids, deployment, image = '', release, command: words } = order;
    const comment = `${mark(service, deployment)}${operation} ${(0,external_node_crypto_.randomUUID)().slice(0, 8)}`;
    const command = new dist_cjs.SendCommandCommand({
        DocumentName: document,
        DocumentVersion: pin.version,
        DocumentHash: pin.hash,
        DocumentHashType: 'Sha256',
        InstanceIds: [...ids],
        Parameters: {
            Operation: [operation],
            Service: [service],
            ...(image !== '' && { Image: [image] }),
            ...(release !== undefined && { Release: [release] }),
            ...(version !== undefined && operation !== 'rollback' && { Version: [version] }),
            ...(words && { Command: [encoded(words)] }),
        },
        Comment: comment,
        TimeoutSeconds: DELIVERY,
        MaxConcurrency: String(ids.length),
        MaxErrors: '0',
    });
    const since = tools.clock.now();
    for (let attempt = 1;; attempt += 1) {
        try {
            const { Command } = await (0,errors/* call */.T1)('ssm:SendCommand', () => once.send(command));
            if (Command?.CommandId)
                return Command.CommandId;
            throw new Error('ssm:SendCommand answered without the id of the command');
        }
        catch (error) {
            if (!(0,errors/* isPassing */.WG)(error))
                throw error;
            const isWorthLooking = operation !== 'status' && !(0,errors/* isThrottled */.B5)(error);
            const found = isWorthLooking ? await findLost(fleet, since, comment, operation === 'run' ? LOOKS_OF_RUN : LOOKS) : undefined;
            if (found !== undefined)
                return found;
            if (attempt === ATTEMPTS)
                throw error;
            tools.log.info(`  ${error.message}; sending it again`);
        }
    }
};
/** The words of a command as the document takes them, so that no character of them means anything to a shell. */
const encoded = (words) => Buffer.from(JSON.stringify(words)).toString('base64');
const findLost = async (fleet, since, comment, looks) => {
    for (let look = 1; look <= looks; look += 1) {
        const [found] = await listCommands(fleet, since, (each) => each === comment);
        if (found !== undefined)
            return found.id;
        if (look < looks)
            await fleet.tools.clock.sleep(look * 500);
    }
    return undefined;
};
/** What was sent to hosts for a deployment of this service since then, by whatever process. */
const commandsOf = (fleet, deployment, since) => listCommands(fleet, since, (comment) => comment.startsWith(mark(fleet.service, deployment)));
const listCommands = async ({ ssm, document }, since, isMeant) => {
    const InvokedAfter = `${new Date(since - SKEW).toISOString().slice(0, 19)}Z`;
    const Filters = [
        { key: 'DocumentName', value: document },
        { key: 'InvokedAfter', value: InvokedAfter },
    ];
    const found = [];
    let NextToken;
    do {
        const command = new dist_cjs.ListCommandsCommand({ Filters, MaxResults: 50, ...(NextToken && { NextToken }) });
        const page = await (0,errors/* call */.T1)('ssm:ListCommands', () => ssm.send(command));
        for (const { CommandId: id = '', Comment = '', Status = '', InstanceIds: ids = [] } of page.Commands ?? []) {
            const isOver = !['Pending', 'InProgress', 'Cancelling'].includes(Status);
            if (isMeant(Comment))
                found.push({ id, ids, isOver, isClean: Status === 'Success' });
        }
        NextToken = page.NextToken;
    } while (NextToken);
    return found;
};
/** Asks for an end, on all hosts or on these; the agent kills the program where it stands. What is over already stays as it is. */
const cancelCommand = async ({ ssm, tools }, CommandId, ids) => {
    try {
        const command = new dist_cjs.CancelCommandCommand({ CommandId, ...(ids && { InstanceIds: [...ids] }) });
        await (0,errors/* call */.T1)('ssm:CancelCommand', () => ssm.send(command));
    }
    catch (error) {
        if (!(0,errors/* isNamed */.ev)(error, 'AccessDeniedException', 'InvalidCommandId') && !(0,errors/* isPassing */.WG)(error))
            throw error;
        tools.log.warning(`${error.message}; the command is waited for instead`);
    }
};

// EXTERNAL MODULE: ./build/actions/deploy-service/src/patience.js
var patience = __webpack_require__(9570);
;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ec2/invocations.js

/** Ends in which nothing began, by the words that the API reference and the API spell in two ways. */
const NEVER_BEGAN = {
    deliverytimedout: 'the command was not delivered in time: its agent does not answer',
    undeliverable: 'the command cannot be delivered: the host is gone or its agent does not answer',
    terminated: 'the command was given up before it reached the host',
    invalidplatform: 'the document does not run on this platform',
    accessdenied: 'the agent was not allowed to run the document',
};
/**
 * Statuses of one invocation (user guide, monitor-commands.html). The status alone is never success: without a verdict nothing
 * is known. An expired command turns invocations that run already into "delivery timed out" too.
 */
const standingOf = ({ status, details, exitCode, output, begun }) => {
    const word = (details || status).replaceAll(' ', '').toLowerCase();
    if (['pending', 'inprogress', 'cancelling'].includes(word))
        return { state: 'waiting' };
    if (word === 'delayed')
        return { state: 'waiting', delayed: true };
    const never = NEVER_BEGAN[word];
    if (never !== undefined && !begun && exitCode === -1)
        return { state: 'unreached', reason: never };
    if (word === 'success' || word === 'failed') {
        const verdict = parseVerdict(output);
        if (verdict !== undefined && verdict.exit === exitCode && (word === 'success') === (exitCode === 0))
            return { state: 'ended', verdict };
        if (word === 'failed' && exitCode === -1 && output === '' && !begun)
            return { state: 'unreached', reason: 'the agent refused to run the document with these parameters' };
        return { state: 'unknown', reason: withoutVerdict(word, exitCode, verdict) };
    }
    return { state: 'unknown', reason: `Systems Manager says ${details || status || 'nothing'}` };
};
const withoutVerdict = (word, exitCode, verdict) => verdict === undefined
    ? `the command ended as ${word} with ${exitCode}, and the host gave no verdict`
    : `the command ended as ${word} with ${exitCode}, and its verdict says ${verdict.exit}`;

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ec2/follow.js







/** Before a quick operation's first look; the next ones spread out to the poll interval. */
const FIRST_PAUSE = 700;
/** Looks after which it is asked whether the hosts are still there: of one that was terminated nobody hears before a time limit. */
const LOOKS_BETWEEN = 30;
/** Milliseconds in which a command has begun wherever an agent answers. */
const UNBEGUN = 120_000;
/** How long a cancelled command may take to be over. "There is no guarantee", says AWS. */
const GRACE = 45_000;
/** The same of one that changes nothing: it does not matter when that ends. */
const GRACE_OF_QUESTION = 5_000;
const BLIND_LOOKS = 5;
/**
 * Follows one command to its end on each of its hosts; one request a look, whatever their number. The command's own status is not
 * asked: it is fine where a host was missed. When the signal or the deadline says so the command is cancelled, and what
 * has not ended some time later is unknown.
 */
const followCommand = async (fleet, command, ids, { signal, deadline, isQuick, isQuestion, onEnd }) => {
    const { clock, log, pollInterval } = fleet.tools;
    const sent = clock.monotonic();
    const ended = new Map();
    const begun = new Set();
    const delayed = new Set();
    const reading = (0,patience/* patience */._)(fleet.tools);
    let giveUp;
    let blind;
    let pause = isQuick ? Math.min(FIRST_PAUSE, pollInterval) : pollInterval;
    let due = sent + pause;
    const end = (id, standing) => {
        const why = blind !== undefined && standing.state === 'unknown' ? { reason: blind.message } : {};
        const result = { ...standing, ...why, took: clock.monotonic() - sent };
        ended.set(id, result);
        onEnd?.(id, result);
    };
    const see = async () => {
        for (const invocation of await listInvocations(fleet, command)) {
            const { InstanceId: id = '' } = invocation;
            // One that is not listed yet is not there yet: the lists of Systems Manager lag behind.
            if (!ids.includes(id) || ended.has(id))
                continue;
            const look = lookAt(invocation, begun.has(id));
            if (look.begun)
                begun.add(id);
            const standing = await certain(fleet, command, id, look);
            if (standing.state !== 'waiting')
                end(id, standing);
            else if (standing.delayed && !delayed.has(id)) {
                delayed.add(id);
                log.warning(`${id}: its agent does not answer yet`);
            }
        }
    };
    const dropGone = async () => {
        const running = new Map((await findHosts(fleet)).flatMap((host) => (host.state === 'running' ? [[host.id, host]] : [])));
        for (const id of ids)
            if (!ended.has(id) && !running.has(id))
                end(id, { state: 'unknown', reason: 'the host is gone' });
        if (clock.monotonic() - sent < UNBEGUN)
            return;
        const lost = ids.filter((id) => !ended.has(id) && !begun.has(id) && running.get(id)?.agent?.ping !== 'Online');
        if (lost.length === 0)
            return;
        await cancelCommand(fleet, command, lost);
        for (const id of lost)
            end(id, { state: 'unreached', reason: 'its agent went away before the command reached it' });
    };
    for (let look = 1;; look += 1) {
        // From look to look, not from the end of one to the next; a cancelled job is not kept waiting for either.
        await clock.sleep(Math.max(due - clock.monotonic(), 0), giveUp === undefined && !reading.isTried() ? signal : undefined);
        due = clock.monotonic() + pause;
        pause = Math.min(pause * 1.5, pollInterval);
        const mustEnd = signal?.aborted || clock.monotonic() > deadline;
        if (mustEnd && giveUp === undefined) {
            giveUp = clock.monotonic() + (isQuestion ? GRACE_OF_QUESTION : GRACE);
            await cancelCommand(fleet, command);
            pause = Math.min(FIRST_PAUSE, pollInterval);
            due = clock.monotonic() + pause;
        }
        try {
            await see();
            if (look % LOOKS_BETWEEN === 0 && ended.size < ids.length)
                await dropGone();
            reading.relieve();
        }
        catch (error) {
            // What cannot be followed is not left alone: it is cancelled, and looked at a few more times. A question may be left.
            blind ??= finalOf(reading, error);
            if (blind !== undefined && isQuestion)
                throw blind;
            if (blind !== undefined && giveUp === undefined) {
                giveUp = clock.monotonic() + BLIND_LOOKS * pollInterval;
                await cancelCommand(fleet, command).catch(() => undefined);
            }
        }
        const open = ids.filter((id) => !ended.has(id));
        if (open.length === 0)
            return ended;
        if (blind !== undefined && giveUp !== undefined && clock.monotonic() > giveUp)
            throw blind;
        if (giveUp !== undefined && clock.monotonic() > giveUp) {
            for (const id of open)
                end(id, { state: 'unknown', reason: 'the command did not end after it was cancelled' });
            return ended;
        }
    }
};
/** The error where it is final, or has lasted too long. */
const finalOf = (reading, error) => {
    try {
        reading.bear(error);
        return undefined;
    }
    catch (final) {
        return final;
    }
};
const listInvocations = async ({ ssm }, CommandId) => {
    const found = [];
    let NextToken;
    do {
        const list = new dist_cjs.ListCommandInvocationsCommand({
            CommandId,
            Details: true,
            MaxResults: AT_ONCE,
            ...(NextToken && { NextToken }),
        });
        const page = await (0,errors/* call */.T1)('ssm:ListCommandInvocations', () => ssm.send(list));
        found.push(...(page.CommandInvocations ?? []));
        NextToken = page.NextToken;
    } while (NextToken);
    return found;
};
const lookAt = ({ Status, StatusDetails = '', CommandPlugins = [] }, wasBegun) => {
    const [step] = CommandPlugins;
    const begun = wasBegun || Status === 'InProgress' || step?.ResponseStartDateTime !== undefined;
    return { status: Status ?? '', details: StatusDetails, exitCode: step?.ResponseCode ?? -1, output: step?.Output ?? '', begun };
};
/** The list cuts what a host printed at 2,500 characters; where no verdict is left of it the whole is asked for, 24,000. */
const certain = async ({ ssm }, CommandId, InstanceId, look) => {
    const standing = standingOf(look);
    if (standing.state !== 'unknown')
        return standing;
    try {
        const command = new dist_cjs.GetCommandInvocationCommand({ CommandId, InstanceId });
        const whole = await (0,errors/* call */.T1)('ssm:GetCommandInvocation', () => ssm.send(command));
        const { StandardOutputContent: output = '', ResponseCode: exitCode = look.exitCode } = whole;
        return standingOf({ ...look, output, exitCode });
    }
    catch (error) {
        if ((0,errors/* isNamed */.ev)(error, 'InvocationDoesNotExist', 'AccessDeniedException'))
            return standing;
        throw error;
    }
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ec2/release.js

/** Name of the release that a run brings to hosts: who brings it and what. Hosts keep it, and name it as the holder of their lock. */
const releaseName = (run, digest, now) => {
    const who = run.trim().replaceAll(/[^A-Za-z0-9._]+/g, '-');
    // Two attempts by hand are two releases; those of a workflow have numbers.
    return `${who === '' ? `by-hand-${now.toString(36)}` : who}-${(0,lib_image/* short */.h0)(digest)}`;
};
/** Whether that release, whoever brings it, is of this image. */
const isOfDigest = (release, digest) => bare(release).endsWith(`-${(0,lib_image/* short */.h0)(digest)}`);
/** Whether two releases, whoever brings them, are of one image. */
const isOfSameImage = (one, other) => {
    const [image] = /-[0-9a-f]{12}$/.exec(bare(one)) ?? [];
    return image !== undefined && bare(other).endsWith(image);
};
/** Whether two names are of one release: a host that makes it anew, because it does not do its work, calls it `….again`. */
const isSame = (one, other) => bare(one) === bare(other);
const bare = (release) => release.replace(/(?:\.again)+$/, '');
/** Whether nobody named that release: the start of a host does not. */
const isNameless = (release) => ['', 'none'].includes(bare(release));
/** Who holds the lock of a host; undefined where nobody does. A program that was turned away may not have found the name. */
const holderOf = ({ exit, holder, holder_operation: operation = '' }) => holder === '' && exit !== 20 ? undefined : { release: holder, operation };
/**
 * Whether that holder brings an image, and may so have come after us. A host that starts, or is put in order, names no release; and a
 * pre-deploy command changes nothing that runs.
 */
const isDeploying = ({ release, operation }) => !isNameless(release) && !['run', 'reconcile', 'status'].includes(operation);
/** The release in words: the run that brings it, with its address where it is one of the same repository. */
const inWords = (release, runUrl = '') => {
    const [, run, attempt] = /^(\d+)-(\d+)-[0-9a-f]{12}$/.exec(release) ?? [];
    if (run === undefined)
        return `'${release || 'somebody unnamed'}'`;
    const where = runUrl === '' ? `run ${run}` : runUrl.replace(/\d+$/, run);
    return `${where} (attempt ${attempt}, release ${release})`;
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ec2/perform.js








/** Sends one order to hosts, as many as there are, and follows it on each of them to its end. */
const perform = async (fleet, order, following) => {
    const parts = chunksOf(order.ids, AT_ONCE).map((ids) => performOne(fleet, { ...order, ids }, following));
    return new Map((await Promise.all(parts)).flatMap((part) => [...part]));
};
const performOne = async (fleet, order, following) => {
    try {
        const command = await sendOrder(fleet, order);
        const ended = await followCommand(fleet, command, order.ids, following);
        for (const [id, { state }] of ended)
            if (state === 'ended')
                fleet.reached.add(id);
        return ended;
    }
    catch (error) {
        // One host that was terminated a moment ago has the whole command refused.
        if (!(0,errors/* isNamed */.ev)(error, 'InvalidInstanceId'))
            throw error;
        const lost = await lostHosts(fleet, order.ids);
        if (lost.size === 0)
            throw error;
        for (const [id, ended] of lost)
            following.onEnd?.(id, ended);
        const ids = order.ids.filter((id) => !lost.has(id));
        return new Map([...lost, ...(ids.length === 0 ? [] : await performOne(fleet, { ...order, ids }, following))]);
    }
};
const lostHosts = async (fleet, ids) => {
    const hosts = new Map((await findHosts(fleet)).map((host) => [host.id, host]));
    return new Map(ids.flatMap((id) => {
        const host = hosts.get(id);
        const reason = host === undefined ? 'is gone' : unfitnessOf(host)?.sentence;
        return reason === undefined ? [] : [[id, { state: 'unreached', reason, took: 0 }]];
    }));
};
/** Milliseconds for operations that only look, and for those that bring a host back to what is recorded on it. */
const LOOK_TIME = 90_000;
const RECONCILE_TIME = 300_000;
/** What a look gets even where its time is over: it is the only way to know. */
const LEAST_LOOK = 10_000;
/** What a program that has begun to put a host in order may need: its own limits add up to a little less. */
const ORDERING = 130_000;
/**
 * Asks hosts what runs on them, until `until` (monotonic milliseconds) at the longest. Changes nothing there, but is a command: the
 * account must have been confirmed.
 */
const statusOf = (fleet, ids, deployment, until = Number.POSITIVE_INFINITY) => {
    const now = fleet.tools.clock.monotonic();
    const deadline = Math.max(Math.min(now + LOOK_TIME, until), now + LEAST_LOOK);
    return ask(fleet, { operation: 'status', ids, deployment }, { deadline });
};
/**
 * Has hosts whose program was not seen to end go back, or on, to what their state says runs there. The program may still be at work:
 * it is waited for until `until` (monotonic milliseconds); what it has then not let go is in `isBusy`. A host that is being put in
 * order by then may still end that. Hosts that are not asked, because all of the time is over, are left out of the answer.
 */
const reconcile = async (fleet, ids, deployment, until, { signal, deadline: last = Number.POSITIVE_INFINITY } = {}) => {
    const { clock, log, pollInterval } = fleet.tools;
    const all = new Map();
    for (let open = ids; open.length > 0 && !signal?.aborted && clock.monotonic() < last;) {
        const now = clock.monotonic();
        const deadline = Math.min(now + RECONCILE_TIME, Math.max(until, now + ORDERING), last);
        const order = { operation: 'reconcile', ids: open, deployment, release: deployment };
        const seen = await ask(fleet, order, { deadline, ...(signal && { signal }) });
        for (const [id, each] of seen)
            all.set(id, each);
        open = [...seen].flatMap(([id, each]) => ('isBusy' in each && each.isBusy ? [id] : []));
        if (open.length === 0 || signal?.aborted || clock.monotonic() + pollInterval > until)
            break;
        log.info(`  ${open.join(', ')}: something is still at work there; asking again`);
        await clock.sleep(pollInterval, signal);
    }
    return all;
};
const ask = async (fleet, order, limits) => {
    if (order.ids.length === 0)
        return new Map();
    const following = { ...limits, isQuick: true, isQuestion: order.operation === 'status' };
    const answers = await perform(fleet, order, following);
    return new Map([...answers].map(([id, ended]) => [id, seenOf(fleet, id, ended)]));
};
const seenOf = ({ ledger }, id, ended) => {
    const failure = failureOf(id, ended);
    if (ended.state !== 'ended' || failure !== undefined) {
        const isBusy = ended.state === 'ended' && ended.verdict.exit === 20;
        return { trouble: `${id}: ${failure?.reason ?? ''}`, isUnreached: ended.state === 'unreached', isBusy };
    }
    ledger.seen(id, digestOf(ended.verdict));
    if (ended.verdict.operation === 'reconcile')
        ledger.note(id, ended.verdict.result);
    return { verdict: ended.verdict };
};
/** Why what a host runs may be another thing in a moment; undefined where nothing is at work on it, nor was left half done. */
const unsettled = (verdict) => {
    const holder = holderOf(verdict);
    if (holder !== undefined)
        return `'${holder.release || 'somebody unnamed'}' is at work on it${holder.operation && ` (${holder.operation})`}`;
    return verdict.pending === '' ? undefined : `'${verdict.pending}' was left half done on it`;
};
/**
 * Asks hosts what runs on them until nothing is at work there, and `until` (monotonic milliseconds) at the longest. What a killed
 * program has left half done is put in order on the way, which may last longer, but not over the deadline.
 */
const settledStatus = async (fleet, ids, deployment, until, deadline) => {
    const { clock, log, pollInterval } = fleet.tools;
    const told = new Set();
    const mended = new Set();
    for (;;) {
        const seen = await statusOf(fleet, ids, deployment, until);
        const open = [...seen].flatMap(([id, each]) => 'verdict' in each && unsettled(each.verdict) ? [{ id, verdict: each.verdict }] : []);
        if (open.length === 0 || clock.monotonic() + pollInterval > until)
            return seen;
        for (const { id, verdict } of open)
            if (!told.has(id))
                log.info(`  ${id}: ${unsettled(verdict)}; waiting for it`);
        const fallen = open.filter(({ id, verdict }) => holderOf(verdict) === undefined && !mended.has(id)).map(({ id }) => id);
        for (const { id } of open)
            told.add(id);
        for (const id of fallen)
            mended.add(id);
        if (fallen.length > 0)
            await reconcile(fleet, fallen, deployment, until, { deadline });
        else
            await clock.sleep(pollInterval);
    }
};
/** The digest that serves on a host; undefined where none does. */
const digestOf = ({ running, digest }) => (running && digest !== '' ? digest : undefined);

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ec2/prove.js



const prove_ATTEMPTS = 3;
/** Milliseconds for which an answer counts. */
const FRESH = 2_000;
/** Milliseconds in which whatever is at work on a host may end. */
const AT_WORK = 60_000;
/**
 * Asks every host what runs on it, and again for some seconds where that is not yet right, or something is at work there. When the
 * deadline is over it is not asked again.
 */
const proveHosts = async (fleet, expected, aliases, reader, before, { deadline = Number.POSITIVE_INFINITY } = {}) => {
    const { clock, pollInterval } = fleet.tools;
    const wanted = Object.values(expected)[0];
    const own = new Map((before?.hosts ?? []).map(({ id, digest }) => [id, digest]));
    const wants = {
        digestOf: (host) => (own.has(host) ? own.get(host) : wanted),
        aliases,
        ...(fleet.version !== undefined && before === undefined && { version: fleet.version }),
    };
    if (before === undefined && clock.monotonic() - fleet.latest.at < FRESH) {
        const proof = compareHosts(fleet.latest.seen, [], wants);
        if (proof.proven)
            return proof;
    }
    const until = clock.monotonic() + AT_WORK;
    for (let attempt = 1;;) {
        const hosts = (await findHosts(fleet)).filter(({ id, state }) => state === 'running' && !isLeftOut(id, before));
        const judged = hosts.map((host) => ({ host, unfitness: unfitnessOf(host) }));
        const ready = judged.flatMap(({ host, unfitness }) => (unfitness === undefined ? [host.id] : []));
        const silent = judged.flatMap(({ host, unfitness }) => unfitness && mustAnswer(fleet, host.id, unfitness, before?.hosts) ? [unfitness.sentence] : []);
        const seen = await statusOf(fleet, ready, reader, deadline);
        const proof = compareHosts(seen, silent, wants);
        const isMoving = [...seen.values()].some((each) => 'verdict' in each && unsettled(each.verdict) !== undefined);
        const isEnough = isMoving ? clock.monotonic() > until : attempt === prove_ATTEMPTS;
        if (proof.proven || isEnough || clock.monotonic() + pollInterval > deadline)
            return proof;
        if (!isMoving)
            attempt += 1;
        await clock.sleep(pollInterval);
    }
};
const isLeftOut = (id, before) => before?.hosts?.some((host) => host.id === id && host.skipped) ?? false;
/**
 * Hosts that were launched a moment ago have yet to register, and run what is recorded when they have. `offline: skip` is for hosts
 * that nobody has reached: one that was seen before, or switched, is missed.
 */
const mustAnswer = ({ offline, reached }, id, { kind }, before = []) => {
    if (reached.has(id) || before.some((host) => host.id === id && !host.skipped))
        return true;
    return kind !== 'starting' && !(kind === 'unreached' && offline === 'skip');
};
/** Proven when every host says that it runs what it should, and at least one does. */
const compareHosts = (seen, silent, expected) => {
    const problems = [...silent];
    const digests = [];
    for (const [id, each] of seen) {
        const wanted = expected.digestOf(id);
        if (!('verdict' in each)) {
            problems.push(each.trouble);
            continue;
        }
        const { verdict } = each;
        const runs = digestOf(verdict);
        const moves = unsettled(verdict);
        if (runs !== undefined)
            digests.push(runs);
        if (moves !== undefined)
            problems.push(`host ${id}: ${moves}`);
        else if (runs !== wanted && !(wanted !== undefined && runs !== undefined && expected.aliases.get(wanted)?.includes(runs)))
            problems.push(`host ${id} runs ${runs ?? 'nothing'}, expected ${wanted ?? 'nothing'}`);
        else if (expected.version !== undefined && verdict.version !== '' && verdict.version !== expected.version)
            problems.push(`host ${id} answers with version ${verdict.version}, expected ${expected.version}`);
    }
    if (seen.size === 0)
        problems.push('no host could be asked');
    const wrong = digests.find((digest) => ![...seen.keys()].some((id) => expected.digestOf(id) === digest));
    const digest = wrong ?? digests[0];
    if (problems.length > 0)
        return { proven: false, ...(digest !== undefined && { digest }), problem: problems.slice(0, 3).join('; ') };
    return { proven: true, digest: digest ?? '' };
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ec2/read.js






/** Reads the hosts, refuses those that cannot be deployed to, and asks the others what runs on them. */
const readHosts = async (fleet, pinned, guard, wanted, reader, runUrl) => {
    const [hosts, program] = await Promise.all([findHosts(fleet), pinned((0,lib_image/* parseImage */.zZ)(wanted.image)?.host ?? ''), guard()]);
    const { ready, skipped } = chooseHosts(fleet, hosts);
    const seen = await statusOf(program, ready.map(({ id }) => id), reader);
    const silent = [...seen.values()].flatMap((each) => ('trouble' in each ? [each.trouble] : []));
    if (silent.length > 0)
        throw new refusal/* Refusal */.P(`${silent.slice(0, 5).join('; ')}; nothing was changed`);
    const before = [...beforeOf(seen, wanted.digest), ...skipped.map(({ id }) => ({ id, skipped: true }))];
    for (const { id, digest } of before)
        fleet.ledger.before(id, digest);
    for (const { id } of skipped)
        fleet.ledger.note(id, 'left out: not online');
    reportDifferences(fleet, seen);
    return { ...readingOf(fleet, ready, seen, before, wanted.digest, runUrl), wanted: wanted.image };
};
/** Which hosts are deployed to; rejects, with a sentence for each of the others, where that is not all that should be. */
const chooseHosts = ({ tag, offline, tools: { log } }, hosts) => {
    const name = `${tag.key}=${tag.value}`;
    if (hosts.length === 0) {
        throw new refusal/* Refusal */.P(`no host has the tag ${name} in this account and region; nothing was changed. Tag the hosts, or correct the tag that is asked for`);
    }
    const judged = hosts.map((host) => ({ host, unfitness: unfitnessOf(host) }));
    const those = (...kinds) => judged.filter(({ unfitness }) => unfitness && kinds.includes(unfitness.kind));
    const say = (group) => group.map(({ unfitness }) => unfitness?.sentence).join('; ');
    const refused = those('unfit', ...(offline === 'skip' ? [] : ['unreached']));
    if (refused.length > 0) {
        const hint = refused.some(({ unfitness }) => unfitness?.kind === 'unreached')
            ? ". Mend it, or leave such hosts out with 'offline: skip'"
            : '';
        throw new refusal/* Refusal */.P(`not every host with the tag ${name} can be deployed to: ${say(refused)}; nothing was changed${hint}`);
    }
    const ready = judged.filter(({ unfitness }) => unfitness === undefined).map(({ host }) => host);
    if (ready.length === 0)
        throw new refusal/* Refusal */.P(`no host with the tag ${name} can be deployed to: ${say(judged)}; nothing was changed`);
    const skipped = those('unreached');
    if (skipped.length > 0)
        log.warning(`left out, because 'offline' is skip: ${say(skipped)}`);
    const absent = those('stopped', 'starting');
    if (absent.length > 0)
        log.info(`  not running now: ${say(absent)}`);
    return { ready, skipped: skipped.map(({ host }) => host) };
};
/**
 * What each host is to go back to. One that runs the wanted image while others do not was switched by a deployment that did not
 * end, where its own predecessor is of the image that they run: it goes back with them. By id, whichever answered first: the
 * waves go in that order.
 */
const beforeOf = (seen, wanted) => {
    const inOrder = [...seen].toSorted(([one], [other]) => (one < other ? -1 : 1));
    const own = inOrder.flatMap(([id, each]) => {
        if (!('verdict' in each))
            return [];
        const { active, image, previous, previous_image: old = '' } = each.verdict;
        const digest = digestOf(each.verdict);
        const past = { id, release: previous, image: old, digest: (0,lib_image/* parseImage */.zZ)(old)?.digest ?? '', unfinished: active };
        return [{ id, past, ...(active !== '' && { release: active }), ...(digest !== undefined && { digest, image }) }];
    });
    const others = own.flatMap(({ digest = wanted }) => (digest === wanted ? [] : [digest]));
    return own.map(({ past, ...host }) => (host.digest === wanted && others.includes(past.digest) ? past : host));
};
const reportDifferences = ({ tools: { log } }, seen) => {
    const groups = Map.groupBy(seen, ([, each]) => ('verdict' in each && digestOf(each.verdict)) || 'nothing');
    if (groups.size <= 1)
        return;
    const listed = [...groups].map(([digest, hosts]) => `${digest} on ${hosts.map(([id]) => id).join(', ')}`);
    log.warning(`the hosts do not run the same: ${listed.join('; ')}`);
};
const readingOf = ({ service }, ready, seen, hosts, wanted, runUrl) => {
    const verdicts = [...seen.values()].flatMap((each) => ('verdict' in each ? [each.verdict] : []));
    const holders = verdicts.flatMap((verdict) => holderOf(verdict) ?? []);
    // Only what brings the wanted image is gone on with. Its pre-deploy command may have been all that was begun: that runs again.
    const isWanted = (each) => isDeploying(each) && isOfDigest(each.release, wanted);
    const named = holders.filter(({ release }) => !isNameless(release));
    const holder = named.find((each) => !isWanted(each)) ?? named[0];
    const [most] = mostFrequent(hosts.filter(({ digest }) => digest !== undefined));
    const architectures = [...new Set(ready.flatMap(({ architecture }) => architecture ?? []))];
    const [platform, ...furtherPlatforms] = architectures.map((architecture) => ({ os: 'linux', architecture }));
    const running = {
        revision: most?.image ?? 'nothing',
        images: most?.image === undefined ? {} : { [service]: most.image },
        digests: most?.digest === undefined ? {} : { [service]: most.digest },
        deployments: [...new Set(holders.map(({ release }) => release))],
        count: ready.length,
        hosts,
        ...(holder !== undefined && { inProgress: { id: inWords(holder.release, runUrl), wanted: isWanted(holder) } }),
        ...(platform && { platform }),
        ...(furtherPlatforms.length > 0 && { furtherPlatforms }),
        settled: holders.length === 0 && verdicts.every((verdict) => digestOf(verdict) === wanted),
    };
    return { running };
};
/** One of the largest group of hosts that run the same. */
const mostFrequent = (hosts) => [...Map.groupBy(hosts, ({ digest }) => digest).values()].toSorted((one, other) => other.length - one.length)[0] ?? [];

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ec2/restore.js






/**
 * One host's way back. A host that was not there before goes to its own predecessor, with the image that the others run.
 */
const wayBackOf = (host, seen, running, ours) => {
    if (seen === undefined || !('verdict' in seen))
        return { host, do: 'leave', reason: seen?.trouble ?? `${host}: gave no answer` };
    const { active, previous } = seen.verdict;
    const runs = digestOf(seen.verdict);
    const before = running.hosts?.find(({ id }) => id === host);
    if (before?.skipped)
        return { host, do: 'nothing' };
    const moves = unsettled(seen.verdict);
    if (moves !== undefined)
        return { host, do: 'leave', reason: `${host}: ${moves}, so it is not known what it will run` };
    const [image = Object.values(running.images)[0], digest = Object.values(running.digests)[0]] = before
        ? [before.image ?? '', before.digest ?? '']
        : [];
    if ((runs ?? '') === digest)
        return { host, do: 'nothing' };
    const release = releaseBefore(before, previous);
    // A deployment of the same image that this run came upon, and goes on with, is taken back with it.
    const ownedBy = [ours, release, before?.unfinished ?? '', ...running.deployments.filter((each) => isOfSameImage(each, ours))];
    const isForeign = !isNameless(active) && !ownedBy.some((each) => isSame(each, active));
    if (isForeign && before !== undefined && runs !== undefined) {
        return { host, do: 'leave', reason: `${host}: ${active}, which this run did not start, is left alone` };
    }
    if (!image || !digest || release === '')
        return { host, do: 'leave', reason: `${host}: nothing ran on it before, so there is nothing to go back to` };
    return { host, do: 'rollback', release, image, digest };
};
const releaseBefore = (before, previous) => before?.release ?? previous;
/**
 * Puts back on every host what it ran; resolves to what went wrong, if anything. Once the time is over no host is sent anything more:
 * it would be ended at once, in the middle of it.
 */
const restoreHosts = async (fleet, running, ours, deadline) => {
    const { clock } = fleet.tools;
    const judged = (await findHosts(fleet)).map((host) => ({ host, unfitness: unfitnessOf(host) }));
    const hosts = judged.flatMap(({ host, unfitness }) => (unfitness === undefined ? [host.id] : []));
    const missed = judged.flatMap(({ host: { id, state }, unfitness }) => state === 'running' && unfitness && mustAnswer(fleet, id, unfitness, running.hosts) ? [unfitness.sentence] : []);
    // Half of the time for what is at work there still, the other half for the way back.
    const now = clock.monotonic();
    const seen = await settledStatus(fleet, hosts, ours, now + (deadline - now) / 2, deadline);
    const ways = hosts.map((host) => wayBackOf(host, seen.get(host), running, ours));
    const back = ways.filter((way) => way.do === 'rollback');
    const left = [...missed, ...ways.flatMap((way) => (way.do === 'leave' ? [way.reason] : []))];
    const unsent = [];
    const send = async (operation, part, failed) => {
        if (clock.monotonic() < deadline)
            return bringBack(fleet, part, operation, ours, deadline);
        unsent.push(...part.map(({ host }) => host));
        return failed;
    };
    const first = await send('rollback', back, new Map());
    // The kept container may be gone, or may not come up any more: a new one of the same image may.
    const again = back.filter(({ host }) => first.has(host));
    const second = await send('deploy', again, first);
    const late = unsent.length === 0 ? [] : [`the time is over, and nothing more was sent to ${unsent.join(', ')}`];
    const troubles = [...late, ...left, ...[...second.values()].map(({ host, reason }) => `${host}: ${reason}`)];
    return troubles.length === 0 ? undefined : `not every host is back: ${troubles.slice(0, 5).join('; ')}`;
};
/** All of them at once, a command for each release: what serves goes on serving until the other one is proven. */
const bringBack = async (fleet, back, operation, deployment, deadline) => {
    const groups = Map.groupBy(back, ({ release, image }) => `${release} ${image}`);
    const results = [...groups.values()].map(async (group) => {
        const [{ release, image }] = group;
        const ids = group.map(({ host }) => host);
        fleet.tools.log.info(`  ${operation} to ${release} on ${ids.join(', ')}`);
        // The version that this run brings is not the one that it goes back to.
        const { version: _, ...rest } = fleet;
        const ends = await perform(rest, { operation, ids, deployment, release, image }, { deadline });
        const unknown = [...ends].flatMap(([id, { state }]) => (state === 'unknown' ? [id] : []));
        const settled = await reconcile(fleet, unknown, deployment, deadline, { deadline });
        return group.flatMap(({ host, digest }) => {
            const ended = ends.get(host);
            const late = settled.get(host);
            const verdict = late && 'verdict' in late ? late.verdict : ended?.state === 'ended' ? ended.verdict : undefined;
            if (ended?.state === 'ended')
                fleet.ledger.ended(host, ended.verdict, `${operation} ${ended.verdict.result}`, ended.took);
            if (verdict !== undefined && digestOf(verdict) === digest)
                return [];
            const failure = ended && failureOf(host, ended);
            const reason = failure?.reason ?? `runs ${(verdict && digestOf(verdict)) ?? 'nothing that is known'}, expected ${digest}`;
            fleet.tools.log.error(`${host}: ${operation} failed: ${reason}`);
            return [[host, { host, key: '', log: [], ...failure, reason }]];
        });
    });
    return new Map((await Promise.all(results)).flat());
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ec2/run.js





/** The longest that the document takes, in its encoded form. */
const LONGEST = 8_192;
/** The document's own limit, and what delivery may take. */
const TIME = 1_900_000;
/** Milliseconds in which the program may let go of the host after the command was cancelled. */
const SETTLING = 60_000;
/**
 * Runs a command once in the wanted image on one host, with the service's own environment. Undefined: it exited with 0. What is at
 * work there already is waited for, unless somebody came after us. A command that was not seen to end is ended, as far as can be.
 */
const runOnHost = async (fleet, host, { known, ...order }, signal) => {
    const { clock, log, pollInterval } = fleet.tools;
    if (encoded(order.command).length > LONGEST)
        return {
            reason: `the command is too long for the document: ${encoded(order.command).length} characters encoded, at most ${LONGEST}`,
            count: 1,
        };
    log.info(`  on ${host}`);
    const since = clock.now();
    const following = { signal, deadline: clock.monotonic() + TIME };
    const command = { operation: 'run', ids: [host], release: order.deployment, ...order };
    let ended = (await perform(fleet, command, following)).get(host);
    for (let isTold = false; !signal.aborted && clock.monotonic() < following.deadline; isTold = true) {
        const holder = ended?.state === 'ended' ? holderOf(ended.verdict) : undefined;
        if (holder === undefined || (isDeploying(holder) && !known.some((each) => isSame(each, holder.release))))
            break;
        if (!isTold)
            log.info(`  ${host}: ${holder.release || 'somebody unnamed'} holds its lock; it is asked again`);
        await clock.sleep(pollInterval, signal);
        // Ourselves: the command had been taken, though nobody said so. It is to run once.
        const isOurs = isSame(holder.release, order.deployment);
        const [first] = isOurs ? (await commandsOf(fleet, order.deployment, since)).filter(({ isOver }) => !isOver) : [];
        ended = (first ? await followCommand(fleet, first.id, [host], following) : await perform(fleet, command, following)).get(host);
    }
    if (ended?.state === 'unknown')
        await endOn(fleet, host, order.deployment);
    const lines = ended?.state === 'ended' ? ended.verdict.log : [];
    for (const line of lines)
        log.info(`  | ${line}`);
    const failure = ended && failureOf(host, ended);
    return failure && groupCauses([failure], fleet.service)[0];
};
/** A cancelled command is killed, and its container is not: putting the host in order removes that. */
const endOn = async (fleet, host, deployment) => {
    const seen = (await reconcile(fleet, [host], deployment, fleet.tools.clock.monotonic() + SETTLING)).get(host);
    if (seen && 'trouble' in seen)
        fleet.tools.log.warning(`${host}: the command may still be running: ${seen.trouble}`);
};

// EXTERNAL MODULE: ./build/actions/deploy-service/src/target.js
var target = __webpack_require__(3244);
;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ec2/switch.js







/** Why nothing more is to be started; undefined while it may. */
const stopOf = ({ options, fleet }) => {
    if (options.signal.aborted)
        return { state: 'stopped', why: 'cancelled', because: (0,target/* whyStopped */.k)(options.signal) };
    const isLate = fleet.tools.clock.monotonic() > options.deadline;
    return isLate ? { state: 'stopped', why: 'timed-out', because: "the time given by 'timeout' is over" } : undefined;
};
/**
 * Has these hosts deploy, side by side, and follows each to its end. A host whose lock is held by a deployment that may be waited
 * for is asked again; any other holder is somebody who came after us.
 */
const switchHosts = async (run, ids, mayWait) => {
    const { fleet, deployment, options } = run;
    const { clock, pollInterval } = fleet.tools;
    for (let open = ids;;) {
        const stop = stopOf(run);
        if (stop)
            return stop;
        const order = {
            operation: 'deploy',
            ids: open,
            deployment: deployment.id,
            release: deployment.id,
            image: deployment.revision,
        };
        const following = { ...options, onEnd: (id, ended) => tell(run, id, ended, mayWait) };
        const ends = [...(await perform(fleet, order, following))];
        const unknown = ends.flatMap(([id, { state }]) => (state === 'unknown' ? [id] : []));
        const stopped = stopOf(run);
        for (const id of unknown)
            run.doubtful.add(id);
        if (!stopped)
            await mend(run);
        const third = ends
            .map(([id, ended]) => switch_holderOf(ended, (holder) => !mayWait(id, holder)))
            .find((holder) => holder !== undefined);
        if (third !== undefined)
            return { state: 'superseded', by: third.release };
        if (stopped && unknown.length > 0)
            return stopped;
        const failed = await failedOf(run, ends);
        if (failed.length > 0)
            return { state: 'failed', reason: sentenceOf(failed) };
        open = ends.flatMap(([id, ended]) => (switch_holderOf(ended) === undefined ? [] : [id]));
        if (open.length === 0)
            return { state: 'done' };
        await clock.sleep(pollInterval, options.signal);
    }
};
/**
 * Has hosts on which a program was not seen to end put in order; the ones where nothing is at work any more then are no longer
 * doubtful. What is at work there is waited for until `until` (monotonic milliseconds).
 */
const mend = async ({ fleet, deployment, doubtful, options }, until = options.deadline, overall = options) => {
    if (doubtful.size === 0)
        return;
    const hosts = (await findHosts(fleet)).filter(({ state }) => state === 'running');
    for (const id of doubtful)
        if (!hosts.some((host) => host.id === id))
            doubtful.delete(id);
    const ids = hosts.filter((host) => doubtful.has(host.id) && unfitnessOf(host) === undefined).map(({ id }) => id);
    for (const [id, seen] of await reconcile(fleet, ids, deployment.id, until, overall))
        if ('verdict' in seen)
            doubtful.delete(id);
};
/** Who holds the lock of a host that is busy; undefined where it is not, or where the holder is not meant. */
const switch_holderOf = (ended, isMeant = () => true) => {
    const holder = ended.state === 'ended' && ended.verdict.exit === 20 ? holderOf(ended.verdict) : undefined;
    return holder && isMeant(holder) ? holder : undefined;
};
/** The hosts that are not where they should be. One that was terminated meanwhile is none of them. */
const failedOf = async (run, ends) => {
    const failed = ends.flatMap(([id, ended]) => (switch_holderOf(ended) === undefined ? (wrongOf(run, id, ended) ?? []) : []));
    const unreached = ends.flatMap(([id, { state }]) => (state === 'ended' ? [] : [id]));
    if (unreached.length === 0)
        return failed;
    const running = new Set((await findHosts(run.fleet)).flatMap(({ id, state }) => (state === 'running' ? [id] : [])));
    const gone = unreached.filter((id) => !running.has(id));
    for (const id of gone) {
        run.fleet.tools.log.warning(`${id} no longer runs with this tag; it is left out`);
        run.fleet.ledger.note(id, 'gone meanwhile');
    }
    run.failures = run.failures.filter(({ host }) => !gone.includes(host));
    return failed.filter(({ host }) => !gone.includes(host));
};
/** The program may say that all is well; that is believed where the wanted image serves. */
const wrongOf = ({ digest }, id, ended) => {
    const failure = failureOf(id, ended);
    if (failure !== undefined || ended.state !== 'ended' || digestOf(ended.verdict) === digest)
        return failure;
    const runs = digestOf(ended.verdict) ?? 'nothing';
    return {
        host: id,
        key: 'another digest',
        reason: `says that it is done, but runs ${runs}, expected ${digest}`,
        log: ended.verdict.log,
    };
};
const sentenceOf = ([first, ...rest]) => {
    const more = rest.length === 0 ? '' : ` (and ${rest.map(({ host }) => host).join(', ')})`;
    return `${first?.host} ${first?.reason}${more}; no further host was started`;
};
const tell = (run, id, ended, mayWait) => {
    const { fleet, failures, startedAt } = run;
    const { clock, log } = fleet.tools;
    const after = seconds(ended.took);
    const holder = switch_holderOf(ended);
    if (holder !== undefined && mayWait(id, holder)) {
        if (!run.waiting.has(id))
            log.info(`  ${id}: ${holder.release || 'somebody unnamed'} holds its lock; it is asked again`);
        run.waiting.add(id);
        return;
    }
    if (ended.state === 'unknown' && stopOf(run)) {
        log.info(`  ${id}: ${ended.reason}`);
        fleet.ledger.note(id, 'cancelled');
        return;
    }
    const failure = wrongOf(run, id, ended);
    if (ended.state === 'ended')
        fleet.ledger.ended(id, ended.verdict, failure?.reason ?? ended.verdict.result, ended.took);
    else
        fleet.ledger.note(id, ended.reason);
    if (failure === undefined) {
        const { result, phases = {}, drain_s = 0 } = ended.state === 'ended' ? ended.verdict : {};
        const steps = Object.entries(phases).map(([phase, took]) => `${phase} ${seconds(took)}`);
        const how = result === 'noop' ? 'ran it already' : `was switched in ${after}, drained for ${drain_s} s`;
        log.info(`  ${id}: ${how}${steps.length > 0 && result !== 'noop' ? ` (${steps.join(', ')})` : ''}: ${(0,lib_image/* short */.h0)(run.digest)}`);
        return;
    }
    run.firstFailure ??= clock.monotonic() - startedAt;
    failures.push(failure);
    log.error(`${id} failed after ${after}: ${failure.reason}${failure.remedy ? `. ${failure.remedy}` : ''}`);
    if (failure.log.length > 0)
        log.info(`  last lines of the container on ${id}:`);
    for (const line of failure.log)
        log.info(`  | ${line}`);
};
const seconds = (milliseconds) => `${(milliseconds / 1000).toFixed(1)} s`;

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ec2/waves.js

/** Hosts that are switched side by side once the first one is proven. */
const BATCH = 5;
/** One host first, whose failure costs nothing but itself; then batches. */
const wavesOf = (ids, batch = BATCH) => [
    ...chunksOf(ids.slice(0, 1), 1),
    ...chunksOf(ids.slice(1), batch),
];

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ec2/sweep.js








/** How long a host that came up meanwhile may take until a command can be sent to it. */
const sweep_REGISTRATION = 300_000;
/**
 * Looks for hosts that came up while others were switched, and switches them too, until there is none. Sees on the way whether
 * somebody else has deployed over what was switched.
 */
const sweep = async (run) => {
    const { fleet, deployment } = run;
    const { clock, log, pollInterval } = fleet.tools;
    const before = new Map((deployment.previous.hosts ?? []).map((host) => [host.id, host]));
    const isLate = (id) => !before.has(id) || before.get(id)?.skipped === true;
    const waited = new Set();
    let since = clock.monotonic();
    for (;;) {
        const stop = stopOf(run);
        if (stop)
            return stop;
        const judged = (await findHosts(fleet)).map((host) => ({ host, unfitness: unfitnessOf(host) }));
        const ready = judged.flatMap(({ host, unfitness }) => (unfitness === undefined ? [host.id] : []));
        const seen = await statusOf(fleet, ready, deployment.id);
        const third = thirdParty(run, seen);
        if (third !== undefined)
            return { state: 'superseded', by: third };
        const late = ready.filter((id) => isLate(id) && needsSwitch(seen.get(id), run.digest));
        if (late.length > 0) {
            log.info(`  came up meanwhile: ${late.join(', ')}`);
            for (const id of late)
                fleet.ledger.before(id, digestSeen(seen.get(id)));
            for (const batch of chunksOf(late, fleet.batch ?? BATCH)) {
                const end = await switchHosts(run, batch, () => true);
                if (end.state !== 'done')
                    return end;
            }
            since = clock.monotonic();
            continue;
        }
        const coming = judged.flatMap(({ host, unfitness }) => unfitness && isComing(host, before.has(host.id)) ? [{ host, sentence: unfitness.sentence }] : []);
        if (coming.length === 0) {
            const isMissed = judged.some(({ host, unfitness }) => host.state === 'running' && unfitness && mustAnswer(fleet, host.id, unfitness, deployment.previous.hosts));
            if (!isMissed)
                Object.assign(fleet.latest, { at: clock.monotonic(), seen });
            return { state: 'done' };
        }
        // Each of them has its own time.
        for (const { host } of coming) {
            if (!waited.has(host.id))
                since = clock.monotonic();
            waited.add(host.id);
        }
        if (clock.monotonic() - since > sweep_REGISTRATION)
            return gaveUp(run, coming.map(({ sentence }) => sentence));
        await clock.sleep(pollInterval, run.options.signal);
    }
};
/** Not there when the hosts were read, and not yet reachable. A stopped one gets the image when it starts. */
const isComing = ({ state }, wasThere) => !wasThere && (state === 'pending' || state === 'running');
const gaveUp = ({ fleet }, sentences) => {
    if (fleet.offline !== 'skip')
        return { state: 'failed', reason: `came up meanwhile and cannot be deployed to: ${sentences.join('; ')}` };
    fleet.tools.log.warning(`left out, because 'offline' is skip: ${sentences.join('; ')}`);
    return { state: 'done' };
};
const digestSeen = (seen) => seen && 'verdict' in seen ? digestOf(seen.verdict) : undefined;
/** A host that gives no answer is asked to deploy as well: that says why. */
const needsSwitch = (seen, digest) => digestSeen(seen) !== digest;
/** The release of somebody else on a host that this run has switched. */
const thirdParty = ({ deployment, digest }, seen) => {
    for (const { id, release } of deployment.previous.hosts ?? []) {
        const each = seen.get(id);
        if (each === undefined || !('verdict' in each) || digestOf(each.verdict) === digest)
            continue;
        const { active } = each.verdict;
        if (!isNameless(active) && !isSame(active, deployment.id) && !isSame(active, release ?? ''))
            return active;
    }
    return undefined;
};
/** The waves over the hosts that were there at the beginning, then the look for those that were not. */
const switchFleet = async (run) => {
    const { fleet, deployment, digest } = run;
    const hosts = (deployment.previous.hosts ?? []).filter(({ skipped }) => !skipped);
    const waves = wavesOf(hosts.filter((host) => host.digest !== digest).map(({ id }) => id), fleet.batch);
    // What was under way when this run looked is older than this run: it is waited for and replaced.
    const known = [...deployment.previous.deployments, deployment.id];
    const mayWait = (_, holder) => !isDeploying(holder) || known.some((each) => isSame(each, holder.release));
    for (const [index, wave] of waves.entries()) {
        fleet.tools.log.info(`  wave ${index + 1} of ${waves.length}: ${wave.join(', ')}`);
        const end = await switchHosts(run, wave, mayWait);
        if (end.state !== 'done')
            return end;
    }
    return sweep(run);
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ec2/watch.js










/** Milliseconds in which a program that was cancelled, or not seen to end, may let go of its host. */
const watch_SETTLING = 90_000;
/** Milliseconds after which a command that was sent is listed for certain. */
const LISTED = 3_000;
/** Brings a deployment to its end, from wherever it stands: in this process, or in one that was killed. */
const watchDeployment = async (fleet, deployment, options, runUrl) => {
    const run = runOf(fleet, deployment, options);
    for (const { id, digest: before } of deployment.previous.hosts ?? [])
        fleet.ledger.before(id, before);
    const broken = ({ message: reason }) => ({ state: 'broken', reason });
    // What another process has sent a moment ago, or this one without an answer, may not be listed yet.
    const unsure = Math.min(LISTED, 3 * fleet.tools.pollInterval);
    const stopped = stopOf(run);
    const ended = stopped ?? (await switchFleet(run).catch(broken));
    const end = await endOf(run, ended, stopped || ended.state === 'broken' ? unsure : 0, runUrl);
    const { failures, firstFailure } = run;
    return { end, causes: groupCauses(failures, fleet.service), ...(firstFailure !== undefined && { firstFailure }) };
};
/** Switches hosts that came up since the last look. Resolves to what is wrong, if anything. */
const sweepAgain = async (fleet, deployment, options, runUrl) => {
    const ended = await sweep(runOf(fleet, deployment, options));
    switch (ended.state) {
        case 'done':
            return undefined;
        case 'failed':
            return ended.reason;
        case 'superseded':
            return `replaced by ${inWords(ended.by, runUrl)}`;
        case 'stopped':
            return ended.because;
    }
};
const runOf = (fleet, deployment, options) => {
    const digest = (0,lib_image/* parseImage */.zZ)(deployment.revision)?.digest ?? '';
    const startedAt = fleet.tools.clock.monotonic();
    return { fleet, deployment, digest, options, failures: [], doubtful: new Set(), waiting: new Set(), startedAt };
};
const endOf = async (run, ended, lag, runUrl) => {
    switch (ended.state) {
        case 'done':
            return { state: 'completed' };
        case 'superseded':
            return { state: 'superseded', by: inWords(ended.by, runUrl) };
        case 'broken':
        case 'failed':
            return {
                state: 'failed',
                restored: (await lastStand(run, ended.state === 'broken', lag)) === 'before',
                reason: ended.reason,
            };
        case 'stopped': {
            run.fleet.tools.log.warning(`${ended.because}: no further host is started, and what is in flight is cancelled`);
            const stand = await lastStand(run, true, lag);
            // What completed all the same has completed.
            return stand === 'wanted' ? { state: 'completed' } : { state: ended.why, restored: stand === 'before' };
        }
    }
};
/** Where the hosts stand once nothing of this deployment is at work on any of them; `mixed` where that does not come to pass. */
const lastStand = async (run, mustStop, lag) => {
    const { clock, pollInterval } = run.fleet.tools;
    const { deadline, leaveAtDeadline } = run.options;
    const begun = clock.monotonic();
    // Where it is left at the deadline that is the end of this too; otherwise the time of the deployment may be over already.
    const last = leaveAtDeadline ? deadline : Number.POSITIVE_INFINITY;
    const until = Math.min(begun + watch_SETTLING, last);
    const handled = new Set();
    for (;;) {
        if (mustStop)
            await stopCommands(run, handled);
        await mend(run, until, { deadline: last });
        const stand = await standOf(run, last);
        const passed = clock.monotonic() - begun;
        if (stand !== 'ours at work' && passed >= lag)
            return run.doubtful.size > 0 && stand === 'before' ? 'mixed' : stand;
        if (clock.monotonic() > until)
            return 'mixed';
        await clock.sleep(pollInterval);
    }
};
/** Ends whatever this deployment has sent and nobody saw end. */
const stopCommands = async ({ fleet, deployment, options, doubtful }, handled) => {
    const sent = (await commandsOf(fleet, deployment.id, deployment.startedAt)).filter(({ id }) => !handled.has(id));
    const open = sent.filter(({ isOver }) => !isOver);
    const { signal } = options;
    // With a signal that says so, or a deadline that is over, following is cancelling.
    const deadline = fleet.tools.clock.monotonic();
    await Promise.all(open.map(({ id, ids }) => followCommand(fleet, id, ids, { signal, deadline })));
    for (const { id, ids, isClean } of sent) {
        handled.add(id);
        if (!isClean)
            for (const host of ids)
                doubtful.add(host);
    }
};
/** Whether all hosts run what they ran before, or all of them what is wanted; `mixed` where that is not known too. */
const standOf = async ({ fleet, deployment, digest }, until) => {
    const before = new Map((deployment.previous.hosts ?? []).map((host) => [host.id, host]));
    const hosts = (await findHosts(fleet)).filter((host) => host.state === 'running' && !before.get(host.id)?.skipped);
    const ready = hosts.filter((host) => unfitnessOf(host) === undefined).map(({ id }) => id);
    const seen = await statusOf(fleet, ready, deployment.id, until);
    const verdicts = [...seen].flatMap(([id, each]) => ('verdict' in each ? [{ id, verdict: each.verdict }] : []));
    if (verdicts.some(({ verdict }) => isSame(holderOf(verdict)?.release ?? '', deployment.id)))
        return 'ours at work';
    const isKnown = verdicts.length === hosts.length && verdicts.every(({ verdict }) => unsettled(verdict) === undefined);
    if (isKnown && verdicts.every(({ verdict }) => digestOf(verdict) === digest))
        return 'wanted';
    return isKnown && verdicts.every(({ id, verdict }) => digestOf(verdict) === before.get(id)?.digest) ? 'before' : 'mixed';
};

;// CONCATENATED MODULE: ./build/actions/deploy-service/src/targets/ec2/target.js











/** A container on EC2 hosts that carry a tag, switched by the program of an SSM document. */
const ec2Target = async (session, tools, options) => {
    const [{ EC2Client }, { SSMClient }] = await Promise.all([Promise.resolve(/* import() */).then(__webpack_require__.t.bind(__webpack_require__, 5193, 19)), Promise.resolve(/* import() */).then(__webpack_require__.t.bind(__webpack_require__, 4736, 19))]);
    const { run, runUrl, kind: _, ...place } = options;
    const ledger = createLedger();
    const fleet = {
        ...place,
        ec2: session.client(EC2Client),
        ssm: session.client(SSMClient),
        once: session.clientWithoutRetry(SSMClient),
        tools,
        ledger,
        reached: new Set(),
        latest: { at: Number.NEGATIVE_INFINITY, seen: new Map() },
    };
    const reader = run.trim().replaceAll(' ', '-') || 'by-hand';
    let pinned;
    let reading;
    let registryHost = '';
    const pin = (host) => {
        registryHost = host;
        pinned ??= pinDocument(fleet, host).then((pin) => ({ ...fleet, pin }));
        return pinned;
    };
    const ready = (image) => pin((0,lib_image/* parseImage */.zZ)(image)?.host ?? registryHost);
    const read = async (wanted) => {
        const [only, ...more] = wanted;
        if (only === undefined || more.length > 0)
            throw new refusal/* Refusal */.P(`a service on EC2 hosts runs one image, got ${wanted.length}`);
        pinned = undefined;
        reading = await readHosts(fleet, pin, session.guard, only, reader, runUrl);
        return reading;
    };
    // Nothing is sent yet: a process that is killed with the first command has left a deployment that can be found.
    const begin = async (wanted, running) => {
        const { image = '', digest = '' } = wanted[0] ?? {};
        const startedAt = tools.clock.now();
        return { id: releaseName(run, digest, startedAt), revision: image, previous: running, startedAt };
    };
    return {
        read: async (wanted) => (await read(wanted)).running,
        runOnce: async (command, wanted, running, signal) => {
            const { image = '', digest = '' } = wanted[0] ?? {};
            const host = running.hosts?.find(({ skipped }) => !skipped)?.id ?? '';
            const deployment = releaseName(run, digest, tools.clock.now());
            return runOnHost(await ready(image), host, { deployment, image, command, known: [...running.deployments, deployment] }, signal);
        },
        start: begin,
        // Under a name of its own: what the other run has sent is waited for, and is not this run's to cancel.
        attach: (running) => begin([{ image: reading?.wanted ?? '', digest: (0,lib_image/* parseImage */.zZ)(reading?.wanted ?? '')?.digest ?? '' }], running),
        watch: async (deployment, watchOptions) => watchDeployment(await ready(deployment.revision), deployment, watchOptions, runUrl),
        causes: async () => groupCauses([], place.service),
        restore: async (running, ours, deadline) => restoreHosts(await ready(''), running, ours, deadline),
        prove: async (expected, aliases, before, limits) => proveHosts(await ready(''), expected, aliases, reader, before, limits),
        expected: (wanted) => ({ [place.service]: wanted[0]?.digest ?? '' }),
        catchUp: async (wanted, running, aliases, watchOptions) => {
            const deployment = await begin(wanted, running);
            const program = await ready(deployment.revision);
            const trouble = await sweepAgain(program, deployment, watchOptions, runUrl);
            if (trouble !== undefined)
                return trouble;
            const proof = await proveHosts(program, { [place.service]: wanted[0]?.digest ?? '' }, aliases, reader);
            return proof.proven ? undefined : proof.problem;
        },
        startsSilently: true,
        hosts: ledger.rows,
    };
};


/***/ })

};
