# cloud-init gives no HOME.
export HOME=/root LC_ALL=C AWS_PAGER=''

# CloudFormation replaces or creates no further host before it hears of this one. Nobody listens outside of such an operation.
tell() {
  /opt/aws/bin/cfn-signal --success "$1" --reason "$2" --stack "$STACK" --resource Hosts --region "$REGION" || true
}

fail() {
  printf '%s\n' "$1" >&2
  tell false "$1"
  exit 1
}

# Mirrors and registries have bad minutes. Whoever waits for this host sets the limit.
again() { until "$@"; do sleep 10; done; }

# program_of VERSION: writes the program that this version of the document carries, and says the number of the version.
program_of() {
  aws ssm get-document --region "$REGION" --name "$DOCUMENT" --document-version "$1" --document-format JSON --output json |
    python3 -I -c '
import json, sys
answer = json.load(sys.stdin)
with open(sys.argv[1], "w") as file:
    file.write("\n".join(json.loads(answer["Content"])["mainSteps"][0]["inputs"]["runCommand"]) + "\n")
print(answer["DocumentVersion"])' "$PROGRAM.new"
}

# Exactly the program that this host was made for: of the newest version of the document, or of one before it while hosts are still
# to be replaced for the newest.
get_program() {
  local version
  version=$(program_of "\$LATEST") || return 1
  until sha256sum --status --check <<<"$PROGRAM_SHA256  $PROGRAM.new"; do
    ((version > 1)) || fail "no version of the document $DOCUMENT carries the program with the SHA-256 $PROGRAM_SHA256"
    version=$(program_of "$((version - 1))") || return 1
  done
  chmod 755 "$PROGRAM.new"
  mv "$PROGRAM.new" "$PROGRAM"
}

# An image without a file: its containers run programs of the host's own distribution, which is patched with the host, and no
# registry is needed for it.
make_empty_image() {
  local folder
  folder=$(mktemp -d)
  mkdir -p "$folder"/{etc/haproxy,run/slipway,tmp,usr}
  ln -s usr/bin usr/sbin usr/lib usr/lib64 "$folder"
  tar --create --directory "$folder" . | docker import - slipway/distribution
  rm -r "$folder"
}

start_proxy() {
  docker container inspect "$SERVICE-proxy" >/dev/null 2>&1 && return
  make_empty_image
  docker run --detach --name "$SERVICE-proxy" --network "$SERVICE" --restart unless-stopped --pull never \
    --user 99:99 --read-only --cap-drop ALL --security-opt no-new-privileges --ulimit nofile=20000:20000 \
    --log-opt max-size=10m --log-opt max-file=3 "$@" \
    --volume /usr:/usr:ro --volume "/etc/slipway/$SERVICE.cfg:/etc/haproxy/haproxy.cfg:ro" --volume /run/slipway:/run/slipway \
    slipway/distribution /usr/sbin/haproxy -W -db -f /etc/haproxy/haproxy.cfg
}

# Issues and renews the certificate by itself. Deployments do not touch it.
start_tls() {
  docker container inspect "$SERVICE-tls" >/dev/null 2>&1 && return
  docker run --detach --name "$SERVICE-tls" --network "$SERVICE" --restart unless-stopped --pull never \
    --log-opt max-size=10m --log-opt max-file=3 --publish 80:80 --publish 443:443 \
    --volume "/etc/slipway/$SERVICE.caddy:/etc/caddy/Caddyfile:ro" --volume "$SERVICE-tls:/data" "$1"
}

# The host takes the address of the service when it serves it, and not before. The one that had it is on its way out.
take_address() {
  local token instance
  token=$(curl --fail --silent --show-error --request PUT --header 'X-aws-ec2-metadata-token-ttl-seconds: 300' \
    http://169.254.169.254/latest/api/token) || return 1
  instance=$(curl --fail --silent --show-error --header "X-aws-ec2-metadata-token: $token" \
    http://169.254.169.254/latest/meta-data/instance-id) || return 1
  aws ec2 associate-address --region "$REGION" --allocation-id "$1" --instance-id "$instance" --allow-reassociation
}

# Not a reason to fail: the name may not point here yet, and the certificate is asked for until it comes.
await_certificate() {
  local tries
  for tries in {1..36}; do
    curl --silent --output /dev/null --max-time 5 --resolve "$1:443:127.0.0.1" "https://$1/" && return
    [[ $tries != 1 ]] || printf 'waiting for the certificate of %s\n' "$1"
    sleep 5
  done
  printf 'there is no certificate of %s yet; see the log of the container %s-tls\n' "$1" "$SERVICE"
}

set -E
trap 'fail "the set-up of the host ended in line $LINENO; see /var/log/cloud-init-output.log"' ERR
