#!/bin/sh
# Builds nexus-toolchain:latest for tests: the sandbox image with the tools of the named stacks.
# Stacks: python go rust ruby php make. Prints nothing when it is there already; says why where it cannot be.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
name=nexus-toolchain

say() { printf '%s\n' "$*" >&2; }

packages=
for stack in "$@"; do
  case $stack in
    python) packages="$packages python3-minimal python3-venv python3-pip" ;;
    go) packages="$packages golang-go" ;;
    rust) packages="$packages rustc cargo" ;;
    ruby) packages="$packages ruby ruby-bundler" ;;
    php) packages="$packages php-cli composer" ;;
    make) packages="$packages make" ;;
    *) say "nexus: no such stack: $stack"; exit 1 ;;
  esac
done

base=$(docker image inspect --format '{{.Id}}' nexus-sandbox:latest)
tag=$({ cat "$here/toolchain.Dockerfile"; echo "$base $packages"; } | git hash-object --stdin | cut -c1-16)
if id=$(docker image inspect --format '{{.Id}}' "$name:$tag" 2>/dev/null); then
  [ "$(docker image inspect --format '{{.Id}}' "$name:latest" 2>/dev/null)" = "$id" ] ||
    docker tag "$name:$tag" "$name:latest"
  exit 0
fi

say "Building the toolchain image for tests ($*) …"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
docker build --tag "$name:$tag" --tag "$name:latest" --build-arg "PACKAGES=$packages" \
  --file "$here/toolchain.Dockerfile" "$here" >"$log" 2>&1 || {
  tail -n 5 "$log" >&2
  # Tests of those stacks are left out; all others do not need it.
  say "nexus: no toolchain image; the packages could not be installed."
}
