#!/bin/sh
# Brings a machine to where Nexus and its tests can run: Docker Engine with the sandbox image, Redis, git.
# Safe to run again; done in well under a second when nothing is missing.
# With the argument `gvisor` the engine gets gVisor's runtime too, where this machine can have it.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
state=$(dirname "$here")/.nexus
PATH="$PATH:/usr/sbin:/sbin"
export PATH

say() { printf '%s\n' "$*" >&2; }
stop() { say "nexus: $*"; exit 1; }

may_be_root() { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }

sudo=
[ "$(id -u)" = 0 ] || sudo="sudo -n"

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

has() { command -v "$1" >/dev/null 2>&1; }

# merge-tree --write-tree, which the merge stands on, came with git 2.38.
git_is_recent() {
  has git || return 1
  version=$(git --version | sed 's/^git version //')
  major=${version%%.*}
  rest=${version#*.}
  minor=${rest%%.*}
  [ "$major" -gt 2 ] || { [ "$major" -eq 2 ] && [ "$minor" -ge 38 ]; }
}

daemon_answers() {
  if has timeout; then timeout 10 docker version >/dev/null 2>&1; else docker version >/dev/null 2>&1; fi
}

# A daemon elsewhere (Docker Desktop, DOCKER_HOST) is as good as one installed here.
engine_is_here() { has docker && { daemon_answers || has dockerd; }; }

missing=
engine_is_here || missing="$missing docker"
has redis-server || missing="$missing redis"
git_is_recent || missing="$missing git"

packages=
for part in $missing; do
  case $part in
    docker) packages="$packages docker.io iptables ca-certificates" ;;
    redis) packages="$packages redis-server" ;;
    git) packages="$packages git" ;;
  esac
done

install_packages() {
  say "Installing from Debian packages:$packages …"
  log=$(mktemp)
  # The package must not start servers of its own: Nexus starts what it needs, with its own data.
  policy=/usr/sbin/policy-rc.d
  made_policy=
  if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
    made_policy=yes
  fi
  status=0
  {
    as_root apt-get update -q &&
      { ! apt-cache show docker-cli >/dev/null 2>&1 || case $packages in *docker.io*) packages="$packages docker-cli" ;; esac; } &&
      as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends $packages
  } >"$log" 2>&1 </dev/null || status=$?
  [ -z "$made_policy" ] || as_root rm -f "$policy"
  if [ "$status" != 0 ]; then
    tail -n 20 "$log" >&2
    rm -f "$log"
    stop "apt-get could not install:$packages"
  fi
  rm -f "$log"
}

if [ -n "$missing" ]; then
  has apt-get && may_be_root ||
    stop "missing:$missing. Install Docker Engine, redis-server and git 2.38 or newer, then run this again.
On Debian or Ubuntu, as root: apt-get update && apt-get install -y$packages"
  install_packages
fi

git_is_recent || stop "git 2.38 or newer is needed; this system's packages bring $(git --version)."

wait_for_daemon() {
  tries=0
  while [ "$tries" -lt "$1" ]; do
    daemon_answers && return 0
    [ -z "${daemon:-}" ] || kill -0 "$daemon" 2>/dev/null || as_root kill -0 "$daemon" 2>/dev/null || return 1
    sleep 1
    tries=$((tries + 1))
  done
  return 1
}

# Packets larger than the way out allows would be lost, so the bridge takes over its size.
outer_mtu() {
  device=$(awk '$2 == "00000000" { print $1; exit }' /proc/net/route 2>/dev/null)
  cat "/sys/class/net/$device/mtu" 2>/dev/null || echo 1500
}

# Not a child of this shell: it outlives the terminal.
start_by_hand() {
  mkdir -p "$state"
  mtu=$(outer_mtu)
  # The daemon outlives us: what it inherited of our caller's pipes would keep the caller waiting for their
  # end. A shell function's subshell would too, so none is used here.
  alone=
  ! has perl || alone='perl -MPOSIX -e POSIX::close($_)for(3..1023);exec(@ARGV)or(exit(127))'
  $sudo setsid nohup $alone dockerd --mtu "$mtu" "$@" >>"$state/dockerd.log" 2>&1 </dev/null &
  daemon=$!
  wait_for_daemon 60
}

start_daemon() {
  if [ -d /run/systemd/system ]; then
    as_root systemctl start docker >/dev/null 2>&1 || true
    daemon=
    wait_for_daemon 60 && return 0
    stop "the Docker daemon does not start. See: journalctl -u docker"
  fi
  start_by_hand && return 0
  # Some kernels have no packet filter; Nexus' sandboxes need no network of Docker's.
  if ! as_root kill -0 "$daemon" 2>/dev/null; then
    start_by_hand --iptables=false --ip6tables=false --bridge=none && return 0
  fi
  tail -n 15 "$state/dockerd.log" >&2
  stop "the Docker daemon does not start. Its log: $state/dockerd.log"
}

if ! daemon_answers; then
  if has dockerd && may_be_root && [ -z "${DOCKER_HOST:-}" ]; then
    if [ -S /var/run/docker.sock ] && as_root env docker version >/dev/null 2>&1; then
      stop "the Docker daemon runs, but not for you. Run: sudo usermod -aG docker $(id -un), then log in again."
    fi
    say "Starting the Docker daemon …"
    start_daemon
    daemon_answers ||
      stop "the Docker daemon runs, but not for you. Run: sudo usermod -aG docker $(id -un), then log in again."
  else
    stop "the Docker daemon does not answer. Start Docker (Linux, as root: dockerd &), or set DOCKER_HOST."
  fi
fi

sh "$here/build-sandbox-image.sh"
sh "$here/build-egress-image.sh"
[ "${1:-}" != gvisor ] || sh "$here/install-gvisor.sh"
