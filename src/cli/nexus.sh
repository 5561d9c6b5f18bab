#!/bin/sh
# Finds the Node.js that Nexus brings along and starts the command line with it, from whatever folder.
set -eu

self=$0
while [ -L "$self" ]; do
  link=$(readlink "$self")
  case $link in
    /*) self=$link ;;
    *) self=$(dirname "$self")/$link ;;
  esac
done
root=$(cd -P "$(dirname "$self")/../.." && pwd)

# Node.js would say at each start that there is none. Merging happens in repositories of others, whose .env is
# theirs: it could name code to load.
env=--env-file=.env
[ -f .env ] && [ "${1-}" != merge ] || env=
# git waits for each file: what was compiled once is kept beside the packages.
[ "${1-}" != merge ] || export NODE_COMPILE_CACHE="$root/node_modules/.cache/nexus"
main=$root/src/cli/main.ts flags=
case $root/ in
  */node_modules/*) main=$root/src/cli/as-package.mjs flags=--disable-warning=ExperimentalWarning ;;
esac
missing=1
# Of a merge 1 would say that it was done, and left conflicts.
[ "${1-}" != merge ] || missing=2
set -- ${env:+"$env"} ${flags:+"$flags"} "$main" "$@"

for node in "$root/node_modules/node/bin/node" "$root/../node/bin/node"; do
  [ ! -x "$node" ] || exec "$node" "$@"
done
# Images of containers bring a Node.js of their own.
if node -e 'process.exit(parseInt(process.versions.node) >= 24 ? 0 : 1)' 2>/dev/null; then
  exec node "$@"
fi
printf '%s\n' "nexus: the Node.js that Nexus runs on is missing. Run: npm ci (in $root)" >&2
exit "$missing"
