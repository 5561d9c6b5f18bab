#!/bin/sh
# Builds the sandbox image from the project's own Node and npm. Prints nothing when it is there already.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
modules=$(dirname "$here")/node_modules
name=nexus-sandbox

say() { printf '%s\n' "$*" >&2; }
stop() { say "nexus: $*"; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}

[ -x "$modules/node/bin/node" ] && [ -d "$modules/npm" ] ||
  stop "node_modules is incomplete. Run: npm ci"

node_version=$("$modules/node/bin/node" --version)
npm_version=$(sed -n 's/^  "version": "\(.*\)",*$/\1/p' "$modules/npm/package.json")
tag=$({
  cat "$here/sandbox.Dockerfile" "$here/build-sandbox-image.sh"
  echo "$node_version $npm_version $(uname -s)"
} | git hash-object --stdin | cut -c1-16)

if id=$(docker image inspect --format '{{.Id}}' "$name:$tag" 2>/dev/null); then
  [ "$(docker image inspect --format '{{.Id}}' "$name:latest" 2>/dev/null)" = "$id" ] ||
    docker tag "$name:$tag" "$name:latest"
  exit 0
fi

# Where apt fetches this system's own release from.
apt_mirror() {
  cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null |
    awk -v suite="$1" '$1 == "deb" { i = 2; if ($2 ~ /^\[/) { while ($i !~ /\]$/) i++; i++ }
      if ($(i + 1) == suite) { print $i; exit } }'
  cat /etc/apt/sources.list.d/*.sources 2>/dev/null |
    awk -v suite="$1" 'BEGIN { RS = ""; FS = "\n" } { uri = ""; fits = 0
      for (i = 1; i <= NF; i++) { n = split($i, word, /[ \t]+/)
        if (word[1] == "URIs:") uri = word[2]
        if (word[1] == "Suites:") for (j = 2; j <= n; j++) if (word[j] == suite) fits = 1 }
      if (fits && uri != "") { print uri; exit } }'
}

has_debootstrap() { [ -x /usr/sbin/debootstrap ] || command -v debootstrap >/dev/null 2>&1; }

install_debootstrap() {
  command -v apt-get >/dev/null 2>&1 || return 1
  say "Installing debootstrap from Debian packages …"
  {
    as_root apt-get update -q &&
      as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends debootstrap
  } >"$work/apt.log" 2>&1 </dev/null && return 0
  tail -n 10 "$work/apt.log" >&2
  return 1
}

base_from_packages() {
  suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-}")
  base=nexus-debian-base:$suite-2
  docker image inspect "$base" >/dev/null 2>&1 && return 0
  has_debootstrap || install_debootstrap ||
    stop "no base image: the registry does not answer and debootstrap is not installed. As root: apt-get install debootstrap"
  mirror=$(apt_mirror "$suite" | head -n 1)
  [ -n "$mirror" ] || stop "no base image: apt's sources name no mirror for '$suite'."
  components=main
  [ "$(. /etc/os-release && echo "$ID")" = ubuntu ] && components=main,universe

  say "Making the sandbox's base from $suite packages (once, about a minute) …"
  log=$work/debootstrap.log
  PATH="$PATH:/usr/sbin:/sbin" as_root debootstrap --variant=minbase --components="$components" \
    --include=git,ca-certificates,ripgrep,libnss-myhostname "$suite" "$work/root" "$mirror" >"$log" 2>&1 || {
    tail -n 15 "$log" >&2
    stop "debootstrap failed."
  }
  as_root sh -c 'rm -rf "$1"/var/cache/apt/* "$1"/var/lib/apt/lists/* && tar -C "$1" --numeric-owner --one-file-system -c .' \
    sh "$work/root" | docker import - "$base" >/dev/null
}

# A registry that cannot be reached must cost seconds, not minutes.
pulled() {
  docker image inspect "$1" >/dev/null 2>&1 && return 0
  say "Looking for the base image $1 …"
  limit=
  command -v timeout >/dev/null 2>&1 && limit="timeout 120"
  $limit docker pull --quiet "$1" >/dev/null 2>&1
}

registry_answers() {
  command -v curl >/dev/null 2>&1 || return 0
  curl --silent --output /dev/null --max-time 8 https://registry-1.docker.io/v2/
}

work=$(mktemp -d)
trap 'as_root rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
mkdir -p "$work/context/runtime"

if [ "$(uname -s)" = Linux ]; then
  base=debian:bookworm-slim
  docker image inspect "$base" >/dev/null 2>&1 || { registry_answers && pulled "$base"; } || base_from_packages
  mkdir -p "$work/context/runtime/bin" "$work/context/runtime/lib/node_modules"
  cp -L "$modules/node/bin/node" "$work/context/runtime/bin/node"
  cp -R "$modules/npm" "$work/context/runtime/lib/node_modules/npm"
else
  # This machine's Node does not run in a Linux container; the base brings one of the same line.
  base=node:24-bookworm-slim
  pulled "$base" || stop "the base image $base cannot be pulled."
fi
chmod -R a+rX "$work/context"

say "Building the sandbox image (Node $node_version, npm $npm_version) …"
docker build --tag "$name:$tag" --tag "$name:latest" --build-arg "BASE=$base" \
  --file "$here/sandbox.Dockerfile" "$work/context" >"$work/build.log" 2>&1 || {
  tail -n 30 "$work/build.log" >&2
  stop "the sandbox image could not be built."
}
say "Sandbox image ready: $name:$tag"
