# What infrastructure wrote about this service: /etc/slipway/SERVICE.env. Read as data, never evaluated.

REPOSITORY='' REGION='' NETWORK='' PREFIX='' PORT='' HEALTH_PATH=/healthz SMOKE_PATHS='' VERSION_PATH=/version
PROXY='' PROXY_SOCKET='' PROXY_URL='' BACKEND='' PARAMETERS='' SECRET='' SECRETS=''
HEALTH_TIMEOUT=60 HEALTHY_COUNT=2 BAKE_SECONDS=10 MAX_5XX_PERCENT=5 DRAIN_TIMEOUT=30 STOP_TIMEOUT=10 KEEP=2 LOCK_WAIT=0
RUN_TIMEOUT=1500 RUNNING_SECONDS=10 REPLACE=overlap MEMORY='' CPUS='' VOLUMES='' LOG_GROUP=''
MIN_FREE_MB=1024 MIN_FREE_INODES=10000 MIN_MEMORY_MB=64 TEST_HOST=no

read_host_file() {
  local file=$ROOT/etc/slipway/$SERVICE.env line key value
  [[ -r $file ]] || refuse "this host has no service '$SERVICE': there is no $file"
  [[ -O $file ]] || refuse "$file belongs to somebody else than the user this runs as"
  while IFS= read -r line || [[ -n $line ]]; do
    [[ -n $line && $line != \#* ]] || continue
    key=${line%%=*} value=${line#*=}
    [[ $value != \'*\' ]] || value=${value:1:-1}
    [[ -n $value ]] || continue
    case $key in
      HEALTH_TIMEOUT | HEALTHY_COUNT | BAKE_SECONDS | MAX_5XX_PERCENT | DRAIN_TIMEOUT | STOP_TIMEOUT | KEEP | LOCK_WAIT | \
        RUN_TIMEOUT | RUNNING_SECONDS | MIN_FREE_MB | MIN_FREE_INODES | MIN_MEMORY_MB | PORT)
        [[ $value =~ ^[0-9]{1,9}$ ]] || refuse "$key in $file is '$value'; it must be a whole number"
        ;;
      REPOSITORY | REGION | NETWORK | PREFIX | HEALTH_PATH | SMOKE_PATHS | VERSION_PATH | PROXY | PROXY_SOCKET | PROXY_URL | \
        BACKEND | PARAMETERS | SECRET | SECRETS | REPLACE | MEMORY | CPUS | VOLUMES | LOG_GROUP | TEST_HOST) ;;
      *) refuse "$file has a line that begins with '${key:0:40}', which is no key of it" ;;
    esac
    printf -v "$key" '%s' "$value"
  done <"$file"
  for key in REPOSITORY REGION NETWORK; do [[ -n ${!key} ]] || refuse "$file does not say $key"; done
  [[ -z $PORT || -n $PROXY_URL ]] || refuse "$file says PORT and not PROXY_URL"
  NAME=$PREFIX$SERVICE
  STATE=$ROOT/var/lib/slipway/$SERVICE
  BACKEND=${BACKEND:-$SERVICE}
  PROXY_SOCKET=${PROXY_SOCKET:-$ROOT/run/slipway/$SERVICE.sock}
}

# In the tests of a test host, and nowhere else: dies here as by kill -9.
fault() {
  [[ $TEST_HOST != yes || ${SLIPWAY_FAULT:-} != "$1" ]] || kill -9 $$
}
