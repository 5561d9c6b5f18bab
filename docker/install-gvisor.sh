#!/bin/sh
# Makes gVisor known to the Docker Engine as the runtime `runsc`: Debian's package, and one entry in daemon.json
# beside whatever is there. A running daemon is told by SIGHUP and never restarted. Prints nothing when all is
# done already; where it cannot be had it says why, and that is no failure: the engine's own runtime does without.
set -eu

node=$(dirname "$(cd "$(dirname "$0")" && pwd)")/node_modules/node/bin/node
settings=/etc/docker/daemon.json
pidfile=/var/run/docker.pid
PATH="$PATH:/usr/sbin:/sbin"
export PATH

say() { printf '%s\n' "$*" >&2; }
without() { say "nexus: no gVisor here: $*"; exit 0; }

has() { command -v "$1" >/dev/null 2>&1; }
as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi
}
may_be_root() { [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null; }

engine_knows_it() {
  docker info --format '{{range $name, $_ := .Runtimes}}{{$name}}
{{end}}' 2>/dev/null | grep -qx runsc
}

engine_knows_it && exit 0

[ -z "${DOCKER_HOST:-}" ] && has dockerd || without "the Docker daemon is not this machine's."
may_be_root || without "installing it needs root."

if ! has runsc; then
  has apt-get || without "this system has no Debian packages."
  say "Installing gVisor from Debian packages …"
  { as_root apt-get update -q && as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -q -y --no-install-recommends runsc; } >/dev/null 2>&1 </dev/null ||
    without "apt-get could not install runsc."
fi

# Without a network of its own: sandboxes have none, and older releases do not start with one on newer kernels.
# Nobody else writes to what a sandbox has mounted, so its kernel need not ask each time.
merge='
  const { readFileSync } = require("node:fs");
  const [file, path] = process.argv.slice(1);
  let text = "";
  try { text = readFileSync(file, "utf8"); } catch (error) { if (error.code !== "ENOENT") throw error; }
  const known = text.trim() === "" ? {} : JSON.parse(text);
  const runsc = { path, runtimeArgs: ["--network=none", "--file-access-mounts=exclusive"] };
  const runtimes = { runsc, ...known.runtimes };
  console.log(JSON.stringify({ ...known, runtimes }, undefined, 2));
'
merged=$(as_root cat "$settings" 2>/dev/null | "$node" -e "$merge" /dev/stdin "$(command -v runsc)") ||
  without "$settings cannot be read."
as_root mkdir -p "$(dirname "$settings")"
# In one step: a daemon that starts meanwhile reads the old settings or the new ones.
printf '%s\n' "$merged" | as_root tee "$settings.new" >/dev/null
as_root mv "$settings.new" "$settings"

# A daemon that does not run yet reads the settings when it starts.
[ -s "$pidfile" ] && as_root kill -HUP "$(cat "$pidfile")" 2>/dev/null || exit 0
tries=0
until engine_knows_it; do
  [ "$tries" -lt 30 ] || without "the Docker daemon does not take it from $settings."
  sleep 1
  tries=$((tries + 1))
done
