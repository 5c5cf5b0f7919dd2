# What survives this process: one small file a fact, replaced by rename. `active` alone decides what is to run.

# From the rename on it is so, whether the folder could be synchronised or not.
save() {
  local file=$STATE/$1
  printf '%s\n' "$2" >"$file.new" && sync "$file.new" && mv "$file.new" "$file" || return 1
  sync "$STATE" || true
}

load() {
  ACTIVE='' ACTIVE_IMAGE='' PREVIOUS='' PREVIOUS_IMAGE='' PENDING=''
  [[ ! -f $STATE/active ]] || read -r ACTIVE ACTIVE_IMAGE <"$STATE/active"
  [[ ! -f $STATE/previous ]] || read -r PREVIOUS PREVIOUS_IMAGE <"$STATE/previous"
  [[ ! -f $STATE/pending ]] || read -r PENDING _ <"$STATE/pending"
}

# `previous` is written before `active`. Where it came no further, it names what is still active, and the one before that is put back.
restore_previous() {
  load
  [[ -n $ACTIVE && $PREVIOUS == "$ACTIVE" ]] || return 0
  if [[ -s $STATE/earlier ]]; then mv -f "$STATE/earlier" "$STATE/previous"; else rm -f "$STATE/previous"; fi
  load
}

# Releases that were committed once: the others are what a killed deployment left.
is_committed() { [[ $1 == "$ACTIVE" || $1 == "$PREVIOUS" ]] || grep -qxF -- "$1" "$STATE/committed" 2>/dev/null; }

remember() {
  local file=$1 line=$2
  { [[ ! -f $STATE/$file ]] || grep -vxF -- "$line" "$STATE/$file"; printf '%s\n' "$line"; } >"$WORK/$file"
  save "$file" "$(tail -n 50 "$WORK/$file")"
}

# What tells this process from a later one with its number. One that has ended and that nobody has asked after yet has none.
born() { sed -n 's/.*) \([^ZX] .*\)/\1/p' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }

# The file is never removed, so that who finds the lock taken finds a name: it means nobody once its process is gone.
read_holder() {
  local release pid start operation
  HOLDER='' HOLDER_OPERATION=''
  [[ -f $STATE/holder ]] || return 0
  read -r release pid start operation _ <"$STATE/holder"
  [[ -z $pid || $pid == "$$" || "$(born "$pid")" != "$start" ]] || HOLDER=$release HOLDER_OPERATION=$operation
}

# 0: it is ours, 1: somebody else has it. Anything else is no answer, and no reason to wait for anybody.
try_lock() {
  flock "$@" 9
  local code=$?
  ((code <= 1)) || refuse "the lock in $STATE could not be taken: flock ended with $code"
  return "$code"
}

# Who has just taken the lock writes its name next, and who has just ended frees it next. Returns where it is ours after all.
await_name() {
  local tries
  for tries in {1..20}; do
    read_holder
    [[ -z $HOLDER ]] || break
    sleep 0.1
    ! try_lock -n || return 0
  done
  load
  finish 20 busy "another operation is under way on this host: ${HOLDER_OPERATION:-not known which}${HOLDER:+, release $HOLDER}"
}

# The kernel frees the lock when this process dies, however it dies.
take_lock() {
  mkdir -p "$STATE" || refuse "there is no folder $STATE, and it could not be made"
  exec 9>>"$STATE/lock" || refuse "the lock in $STATE could not be opened; see the disk and its permissions"
  try_lock -w "$LOCK_WAIT" || await_name
  printf '%s %s %s %s %s\n' "$RELEASE" "$$" "$(born $$)" "$OPERATION" "${SSM_COMMAND_ID:-by-hand}" >"$STATE/holder.new" &&
    mv "$STATE/holder.new" "$STATE/holder"
  remove_leftovers
  load
}

# Folders of processes that were killed: the name begins with the number of the process, as open_log made it.
remove_leftovers() {
  local folder pid
  [[ -n $WORK ]] || return 0
  for folder in "${WORK%/*}/"[0-9]*.??????; do
    pid=${folder##*/} pid=${pid%%.*}
    [[ ! -d $folder || -d /proc/$pid ]] || rm -rf "$folder"
  done
}
