#!/bin/sh
# Builds the image of the proxy through which containers reach named hosts. Prints nothing when it is there already.
set -eu

here=$(cd "$(dirname "$0")" && pwd)
name=nexus-egress

say() { printf '%s\n' "$*" >&2; }
stop() { say "nexus: $*"; exit 1; }

tag=$(cat "$here/egress.Dockerfile" "$here"/egress-pages/* "$here/build-egress-image.sh" |
  git hash-object --stdin | cut -c1-16)

if id=$(docker image inspect --format '{{.Id}}' "$name:$tag" 2>/dev/null); then
  [ "$(docker image inspect --format '{{.Id}}' "$name:latest" 2>/dev/null)" = "$id" ] ||
    docker tag "$name:$tag" "$name:latest"
  exit 0
fi

# What the sandbox image was made from is the smallest there is; on its own it serves as well.
base=
suite=$( (. /etc/os-release && echo "${VERSION_CODENAME:-}") 2>/dev/null || true)
for known in debian:bookworm-slim "nexus-debian-base:$suite-2" nexus-sandbox:latest; do
  docker image inspect "$known" >/dev/null 2>&1 || continue
  base=$known
  break
done
[ -n "$base" ] || stop "there is no base for the proxy's image. Run: sh docker/build-sandbox-image.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' INT TERM
mkdir "$work/context"
cp -R "$here/egress-pages" "$work/context/egress-pages"
chmod -R a+rX "$work/context"

say "Building the image of the proxy (Squid from Debian packages) …"
# An engine may be without a network of its own; the build fetches packages as this machine does.
docker build --network host --tag "$name:$tag" --tag "$name:latest" --build-arg "BASE=$base" \
  --file "$here/egress.Dockerfile" "$work/context" >"$work/build.log" 2>&1 || {
  tail -n 30 "$work/build.log" >&2
  stop "the image of the proxy could not be built."
}
say "Image of the proxy ready: $name:$tag"
