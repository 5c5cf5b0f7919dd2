#!/bin/bash
# Puts one service of this host on another image without losing a request, and says so in the first line that it prints.
# Started by SSM Run Command as root, and at boot. Made of the parts in lib/host/program; README.md there explains it.
set -uo pipefail
umask 077

# The agent's environment has neither HOME nor much of a PATH.
PATH=${PATH:-}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH LC_ALL=C AWS_PAGER=''

ROOT=${SLIPWAY_ROOT:-}
OPERATION=${SSM_Operation:-}
SERVICE=${SSM_Service:-}
IMAGE=${SSM_Image:-}
RELEASE=${SSM_Release:-none}
VERSION=${SSM_Version:-}
COMMAND=${SSM_Command:-}

# Docker's templates are in double braces, which SSM would take for parameters of the document.
O='{''{' C='}''}'

# Nothing that is started may inherit the lock (9) or the agent's pipe (3): an orphan would keep both after we were killed.
docker() { command docker "$@" 3>&- 9>&-; }
curl() { command curl "$@" 3>&- 9>&-; }
aws() { command aws "$@" 3>&- 9>&-; }
python3() { command python3 -I "$@" 3>&- 9>&-; }
sleep() { command sleep "$@" 3>&- 9>&-; }
timeout() { command timeout "$@" 3>&- 9>&-; }

# The parameters once more: their patterns are part of the document, and this also runs without one.
check_parameters() {
  case $OPERATION in
    deploy | rollback | run | status | reconcile) ;;
    *) refuse "there is no operation '${OPERATION:0:40}'" ;;
  esac
  [[ $SERVICE =~ ^[a-z][a-z0-9-]{0,30}$ ]] || refuse 'the name of the service is not one'
  [[ $RELEASE =~ ^[A-Za-z0-9._-]{1,64}$ ]] || refuse 'the name of the release is not one'
  [[ $VERSION =~ ^[A-Za-z0-9._-]{0,128}$ ]] || refuse 'the content tag is not one'
  [[ $COMMAND =~ ^[A-Za-z0-9+/=]*$ && ${#COMMAND} -le 8192 ]] || refuse 'the command is not base64 of at most 8,192 characters'
  [[ -z $IMAGE || $IMAGE =~ ^[a-z0-9.:-]+/[a-z0-9][a-z0-9._/-]{0,199}@sha256:[a-f0-9]{64}$ ]] ||
    refuse 'the image is not a reference by digest'
}
