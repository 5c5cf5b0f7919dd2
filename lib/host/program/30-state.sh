# What survives this process: one small file a fact, replaced by rename. `active` alone decides what is to run.

save() {
  local file=$STATE/$1
  printf '%s\n' "$2" >"$file.new" && sync "$file.new" && mv "$file.new" "$file" && sync "$STATE"
}

load() {
  ACTIVE='' ACTIVE_IMAGE='' PREVIOUS='' PENDING=''
  [[ ! -f $STATE/active ]] || read -r ACTIVE ACTIVE_IMAGE <"$STATE/active"
  [[ ! -f $STATE/previous ]] || read -r PREVIOUS _ <"$STATE/previous"
  [[ ! -f $STATE/pending ]] || read -r PENDING _ <"$STATE/pending"
}

# Releases that were committed once: the others are what a killed deployment left.
is_committed() { [[ $1 == "$ACTIVE" || $1 == "$PREVIOUS" ]] || grep -qxF -- "$1" "$STATE/committed" 2>/dev/null; }

remember() {
  local file=$1 line=$2
  { [[ ! -f $STATE/$file ]] || grep -vxF -- "$line" "$STATE/$file"; printf '%s\n' "$line"; } >"$WORK/$file"
  save "$file" "$(tail -n 50 "$WORK/$file")"
}

# What tells this process from a later one with its number.
born() { sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | cut -d ' ' -f 20; }

read_holder() {
  local release pid start
  HOLDER=''
  [[ -f $STATE/holder ]] || return 0
  read -r release pid start _ <"$STATE/holder"
  [[ $pid == "$$" || -z $pid || "$(born "$pid")" != "$start" ]] || HOLDER=$release
}

# The kernel frees the lock when this process dies, however it dies.
take_lock() {
  mkdir -p "$STATE"
  exec 9>>"$STATE/lock"
  if ! flock -w "$LOCK_WAIT" 9; then
    exec 9>&-
    load
    read_holder
    finish 20 busy "another operation is under way on this host: ${HOLDER:-not known which}"
  fi
  LOCKED=yes
  printf '%s %s %s %s %s\n' "$RELEASE" "$$" "$(born $$)" "$OPERATION" "${SSM_COMMAND_ID:-by-hand}" >"$STATE/holder"
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
