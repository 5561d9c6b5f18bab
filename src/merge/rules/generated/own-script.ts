import { folderOf, inFolder } from "../path-parts.ts";

/** A command of the repository's own that makes files anew, and where it runs. */
export interface OwnScript {
  readonly program: "npm" | "make";
  readonly args: readonly string[];
  readonly folder: string;
}

const SCRIPTS = {
  generated: ["generate", "codegen"],
  snapshot: ["test:update", "update-snapshots"],
};
/** A script that says itself that it accepts what comes out. */
const UPDATES =
  /(?:^|\s)(?:-u|--update|--update-?snapshots?|--updateSnapshot|--snapshot-update)(?=\s|$)/i;
const SAFE_NAME = /^[\w:.-]{1,100}$/;

/**
 * The script by which a repository makes such files anew, of the nearest package.json or Makefile above the path;
 * for snapshots only one that says that it updates them. Undefined where none is named.
 */
export function ownScript(
  path: string,
  kind: "generated" | "snapshot",
  around: ReadonlyMap<string, string>,
): OwnScript | undefined {
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    const script = scriptIn(around.get(inFolder(folder, "package.json")), kind);
    if (script !== undefined) return { program: "npm", args: ["run", script], folder };
    const target = targetIn(around.get(inFolder(folder, "Makefile")), kind);
    if (target !== undefined) return { program: "make", args: [target], folder };
    if (folder === "") return undefined;
  }
}

function scriptIn(packageJson: string | undefined, kind: "generated" | "snapshot") {
  const scripts = scriptsOf(packageJson);
  if (kind === "generated") return SCRIPTS.generated.find((name) => scripts.has(name));
  const updating = [...scripts].filter(([, script]) => UPDATES.test(script)).map(([name]) => name);
  const found = SCRIPTS.snapshot.find((name) => updating.includes(name)) ?? updating[0];
  return found !== undefined && SAFE_NAME.test(found) ? found : undefined;
}

function targetIn(makefile: string | undefined, kind: "generated" | "snapshot") {
  const targets = [...(makefile ?? "").matchAll(/^([\w.-]{1,100})[ \t]*:(?!=)/gm)].map(
    ([, name]) => name,
  );
  const wanted = kind === "generated" ? SCRIPTS.generated : ["update-snapshots", "snapshots"];
  return wanted.find((name) => targets.includes(name));
}

function scriptsOf(packageJson: string | undefined): ReadonlyMap<string, string> {
  const scripts = recordOf(recordOf(jsonOf(packageJson ?? "")).scripts);
  return new Map(
    Object.entries(scripts).flatMap(([name, script]) =>
      typeof script === "string" ? [[name, script] as const] : [],
    ),
  );
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  if (value === null || typeof value !== "object") return {};
  return Object.fromEntries(Object.entries(value));
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
