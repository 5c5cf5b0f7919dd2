# The proxy, through its runtime socket: nothing is reloaded, so no connection is closed. Two slots, blue and green, each a name in
# the network that a container answers to.

read -r -d '' PROXY_PROGRAM <<'PYTHON'
import csv, os, socket, sys
path, command = sys.argv[1], " ".join(sys.argv[2:])
# A socket's path may have 107 bytes only.
os.chdir(os.path.dirname(path))
with socket.socket(socket.AF_UNIX) as connection:
    connection.settimeout(5)
    connection.connect(os.path.basename(path))
    connection.sendall(("show stat" if sys.argv[2] == "stat" else command).encode() + b"\n")
    answer = b"".join(iter(lambda: connection.recv(65536), b"")).decode().strip()
if sys.argv[2] != "stat":
    sys.exit(answer or 0)
for row in csv.DictReader(answer.lstrip("# ").splitlines()):
    if (row["pxname"], row["svname"]) == (sys.argv[3], sys.argv[4]):
        print(row["scur"], row["stot"], row["hrsp_5xx"] or 0, row["status"])
        sys.exit(0)
sys.exit("the proxy has no server " + "/".join(sys.argv[3:5]))
PYTHON

proxy() { python3 -c "$PROXY_PROGRAM" "$PROXY_SOCKET" "$@"; }

# slot SLOT ready|drain|maint
slot() {
  [[ -n $PORT && -n $1 ]] || return 0
  proxy set server "$BACKEND/$1" state "$2"
}

# Sets IN_FLIGHT, SENT, ERRORS and SLOT_STATUS of a slot.
look_at_slot() {
  local answer
  answer=$(proxy stat "$BACKEND" "$1") && read -r IN_FLIGHT SENT ERRORS SLOT_STATUS <<<"$answer"
}

# For what must be so: a socket that did not answer once is asked again.
surely() { "$@" || { ensure_proxy && "$@"; }; }

is_up() { look_at_slot "$1" && [[ $SLOT_STATUS == UP* ]]; }

# The proxy resolves the name once a second and asks the container itself before it says so.
wait_until_up() {
  local end=$(($(now_ms) + 15000))
  until is_up "$1"; do
    (($(now_ms) < end)) || return 1
    sleep 0.1
  done
}

# Takes a slot out: nothing new goes there, and what is in flight may end, for as long as the host file allows.
empty_slot() {
  [[ -n $PORT && -n $1 ]] || return 0
  look_at_slot "$1" || return 1
  [[ $SLOT_STATUS != MAINT* ]] || { slot "$1" maint; return; }
  local began end
  began=$(now_ms) end=$(($(now_ms) + DRAIN_TIMEOUT * 1000))
  slot "$1" drain || return 1
  IN_FLIGHT='an unknown number of'
  # No answer does not mean that nothing is in flight.
  until look_at_slot "$1" && ((IN_FLIGHT == 0)); do
    if (($(now_ms) >= end)); then
      say "$IN_FLIGHT requests on $1 are still in flight after $DRAIN_TIMEOUT s; they are cut"
      break
    fi
    sleep 0.2
  done
  DRAINED=$(printf '%d.%d' $((($(now_ms) - began) / 1000)) $((($(now_ms) - began) % 1000 / 100)))
  slot "$1" maint
}

# Before a container is stopped that may have requests in flight, whatever the proxy answers.
drain_slot() {
  surely empty_slot "$1" && return 0
  say "the proxy did not say whether requests are in flight on $1; it gets $DRAIN_TIMEOUT s"
  sleep "$DRAIN_TIMEOUT"
}

other_slot() { [[ $1 == blue ]] && printf green || printf blue; }

# The proxy is a container like any other, and may just be down.
ensure_proxy() {
  [[ -n $PORT ]] || return 0
  local tries
  for tries in {1..50}; do
    if proxy stat "$BACKEND" blue >/dev/null 2>"$WORK/proxy"; then return 0; fi
    if [[ $tries == 1 && -n $PROXY ]] && ! is_running "$PROXY"; then
      say "the proxy does not run; it is started"
      docker start "$PROXY"
    fi
    sleep 0.2
  done
  say "the proxy does not answer on $PROXY_SOCKET: $(tail -n 1 "$WORK/proxy")"
  return 1
}
