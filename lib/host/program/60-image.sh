# Before anything is changed: is the host fit, and is the image here?

# Kilobytes of the image's compressed layers, where the registry says so.
image_size() {
  timeout 20 docker manifest inspect "$1" 2>/dev/null |
    python3 -c 'import json, sys; print(sum(layer["size"] for layer in json.load(sys.stdin)["layers"]) // 1024)' 2>/dev/null
}

preflight() {
  local program
  for program in docker curl python3 flock aws; do
    command -v "$program" >/dev/null || refuse "this host has no $program"
  done
  timeout 30 docker info --format "$O.DockerRootDir$C" >"$WORK/root" 2>/dev/null || refuse 'the Docker engine does not answer'
  [[ -n $IMAGE ]] || refuse 'no image is given'
  [[ ${IMAGE%@*} == "$REPOSITORY" ]] || refuse "the image is of ${IMAGE%@*}; this service takes its images from $REPOSITORY"
}

# Twice the compressed size, because layers are unpacked while they are still there packed.
check_space() {
  local root size need=$((MIN_FREE_MB * 1024)) free inodes memory
  root=$(<"$WORK/root")
  [[ -d $root ]] || root=/
  size=$(image_size "$IMAGE") || size=0
  ((need >= size * 2)) || need=$((size * 2))
  free=$(df -Pk "$root" | awk 'NR == 2 { print $4 }')
  inodes=$(df -Pi "$root" | awk 'NR == 2 && $2 > 0 { print $4 }')
  ((${free:-0} >= need)) || refuse "the disk of $root has $((${free:-0} / 1024)) MB free; $((need / 1024)) MB are needed"
  # Some file systems have no number of inodes.
  [[ ! $inodes =~ ^[0-9]+$ ]] || ((inodes >= MIN_FREE_INODES)) ||
    refuse "the disk of $root has $inodes inodes free; $MIN_FREE_INODES are needed"
  memory=$(awk '$1 == "MemAvailable:" { print int($2 / 1024) }' /proc/meminfo)
  ((memory >= MIN_MEMORY_MB)) || refuse "$memory MB of memory are free; $MIN_MEMORY_MB are needed"
}

# By the host's own role, into a folder that is removed when this process ends.
login() {
  local host=${REPOSITORY%%/*} region
  [[ $host =~ \.ecr\.([a-z0-9-]+)\. ]] && region=${BASH_REMATCH[1]} || region=$REGION
  # Docker warns that it keeps the password, also where all is well.
  if ! { aws ecr get-login-password --region "$region" | docker login --username AWS --password-stdin "$host"; } >"$WORK/login" 2>&1; then
    cat "$WORK/login"
    refuse "this host cannot log in to $host: $(grep -m 1 -v -e '^$' -e WARNING "$WORK/login")"
  fi
}

is_here() { docker image inspect --format "$O.RepoDigests$C" "$1" 2>/dev/null | tr '[] ' '\n' | grep -qxF -- "$1"; }

pull() {
  remember images "$1"
  docker pull --quiet "$1" || { WHY="the image could not be pulled: $(tail -n 1 "$WORK/log")"; return 1; }
  is_here "$1" || { WHY='the engine does not know the image by the digest that was asked for'; return 1; }
}

# What the container gets as its environment: the plain file, then the parameters of the service's path, each under its last word,
# then what is taken of the secret.
read -r -d '' ENVIRONMENT_PROGRAM <<'PYTHON'
import json, re, sys
environment, secrets = sys.argv[1:3]
with open(environment, "a") as plain, open(secrets, "a") as hidden:
    for parameter in json.load(sys.stdin)["Parameters"]:
        name, value = parameter["Name"].rsplit("/", 1)[-1], parameter["Value"]
        if not re.fullmatch("[A-Za-z_][A-Za-z0-9_]*", name):
            sys.exit(parameter["Name"] + " does not end in the name of a variable")
        if "\n" in value or "\r" in value or "\0" in value:
            sys.exit(parameter["Name"] + " has more than one line, which an environment file cannot hold")
        plain.write(name + "=" + value + "\n")
        if parameter.get("Type") == "SecureString":
            hidden.write(value + "\n")
PYTHON

read_parameters() {
  aws ssm get-parameters-by-path --path "$PARAMETERS" --recursive --with-decryption --region "$REGION" --output json \
    >"$WORK/parameters" || refuse "this host may not read the parameters under $PARAMETERS; see the permissions of its role"
  python3 -c "$ENVIRONMENT_PROGRAM" "$WORK/environment" "$WORK/secrets" <"$WORK/parameters" 2>"$WORK/refusal" ||
    refuse "$(tail -n 1 "$WORK/refusal")"
  rm -f "$WORK/parameters"
}

# Of the secret of the service, a JSON object, what the host file names; a value that is missing is no empty variable.
read -r -d '' SECRET_PROGRAM <<'PYTHON'
import json, sys
environment, secrets = sys.argv[1:3]
given = json.load(sys.stdin)
with open(environment, "a") as plain, open(secrets, "a") as hidden:
    for name in sys.argv[3:]:
        value = given.get(name) if isinstance(given, dict) else None
        if not isinstance(value, str):
            sys.exit("it is no JSON object with a text under " + name)
        if "\n" in value or "\r" in value or "\0" in value:
            sys.exit(name + " has more than one line, which an environment file cannot hold")
        plain.write(name + "=" + value + "\n")
        hidden.write(value + "\n")
PYTHON

read_secret() {
  local names
  read -ra names <<<"$SECRETS"
  aws secretsmanager get-secret-value --secret-id "$SECRET" --region "$REGION" --query SecretString --output text \
    >"$WORK/secret" || refuse "the secret $SECRET is not there, or this host may not read it"
  python3 -c "$SECRET_PROGRAM" "$WORK/environment" "$WORK/secrets" "${names[@]}" <"$WORK/secret" 2>"$WORK/refusal" ||
    refuse "the secret $SECRET cannot be used: $(tail -n 1 "$WORK/refusal")"
  rm -f "$WORK/secret"
}

read_environment() {
  local file=$ROOT/etc/slipway/$SERVICE.variables
  : >"$WORK/environment"
  : >"$WORK/secrets"
  [[ ! -f $file ]] || cat "$file" >"$WORK/environment"
  [[ -z $PARAMETERS ]] || read_parameters
  [[ -z $SECRET ]] || read_secret
}

fetch_image() {
  step preflight
  preflight
  login
  check_space
  read_environment
  step pull
  pull "$IMAGE" || finish 23 failed "$WHY"
}
