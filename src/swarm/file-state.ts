import type { SandboxSession } from "../core/sandbox.ts";

const TIMEOUT_MS = 60_000;

// Of what git would carry; without git, of all files. Where the clock of the files is fine enough, when each was last
// touched in any way says it without a look into them: nobody can set that back. Elsewhere names, bytes, links and the
// right to be executed do, and only regular files are opened: a link may lead to what never ends.
const STATE = `
export LC_ALL=C
if git ls-files -co --exclude-standard >/dev/null 2>&1
then list() { git ls-files -zco --exclude-standard; }
else list() { find . \\( -name .git -o -name node_modules \\) -prune -o \\( -type f -o -type l \\) -print0; }
fi
each() { list | xargs -0 sh -c "for file; do $1; done" sh; }
{
if stat -c %.9Z . 2>/dev/null | grep -q '[.][0-9]\\{9\\}$'
then list | xargs -0 stat -c '%n %f %s %i %.9Y %.9Z' --
else
each '[ -L "$file" ] && { echo "link $file"; readlink -- "$file"; }'
each '[ -L "$file" ] || { [ -f "$file" ] && [ -x "$file" ] && echo "program $file"; }'
each '[ -L "$file" ] || { [ -f "$file" ] && printf "%s\\\\0" "$file"; }' | xargs -0 sha1sum --
fi
} 2>&1 | sort | sha1sum | cut -c 1-40`;

/** One word for all files of the repository as they are now: the same word where nothing was touched. Undefined where it cannot be had. */
export async function fileState(session: Pick<SandboxSession, "run">): Promise<string | undefined> {
  const { output, ending } = await session.run(["sh", "-c", STATE], { timeoutMs: TIMEOUT_MS });
  return ending === "exited" ? /^[0-9a-f]{40}$/.exec(output.trim())?.[0] : undefined;
}
