import { z } from "zod";
import { NexusError } from "../../src/core/errors.ts";
import { MOST_MEMBERS } from "./stacks/stack.ts";

const PUBLIC_REGISTRY = "https://registry.npmjs.org/";

const Locked = z.object({
  version: z.string().optional(),
  resolved: z.union([z.string(), z.boolean()]).optional(),
  link: z.boolean().optional(),
  inBundle: z.boolean().optional(),
  name: z.string().optional(),
  optional: z.boolean().optional(),
  devOptional: z.boolean().optional(),
  hasInstallScript: z.boolean().optional(),
});

const Lockfile = z.object({
  lockfileVersion: z.number().int().min(2, "npm 6 lockfiles are not supported").max(3),
  packages: z.record(z.string(), Locked),
});

/** What a lockfile asks to be installed, checked. */
export interface LockedInstall {
  /** Folders of the repository's own packages beside the root. */
  readonly workspaces: readonly string[];
  /** Packages that want to run a script once they are installed, as npm names them, each once. */
  readonly scripts: readonly InstallScript[];
}

interface InstallScript {
  /** `name@version`, safe for a shell. */
  readonly spec: string;
  /** npm goes on without it. */
  readonly optional: boolean;
}

/** Which lockfile it is, and where the operator has packages. */
interface LockfileAt {
  readonly file: string;
  readonly registry: string | undefined;
}

/**
 * Reads a package-lock.json or npm-shrinkwrap.json. Everything must come from the public registry or the operator's; git, file and
 * foreign addresses are refused, since the install is the one step that has a network.
 */
export function readLockfile(text: string, { file, registry }: LockfileAt): LockedInstall {
  const registries = [PUBLIC_REGISTRY, withSlash(registry)].filter((url) => url !== undefined);
  const { data, error } = Lockfile.safeParse(parsed(text, file));
  if (error) throw broken(file, z.prettifyError(new z.ZodError(error.issues.slice(0, 3))));

  const entries = Object.entries(data.packages).filter(([path]) => path !== "");
  const outside = entries.find(([path]) => !isInside(path));
  if (outside) throw broken(file, `${JSON.stringify(outside[0])} lies outside the repository.`);
  const installed = entries.filter(([path]) => path.split("/").includes("node_modules"));
  const foreign = installed.find(([, entry]) => !mayBeFetched(entry, registries));
  if (foreign)
    throw broken(file, `${JSON.stringify(foreign[0])} does not come from the package registry.`);
  const members = entries.flatMap(([path]) =>
    path.split("/").includes("node_modules") ? [] : path,
  );
  if (members.length > MOST_MEMBERS) throw broken(file, `It names ${members.length} workspaces.`);
  return {
    workspaces: members,
    scripts: scriptsOf(file, installed),
  };
}

type Entry = readonly [path: string, entry: z.infer<typeof Locked>];

function scriptsOf(file: string, installed: readonly Entry[]): InstallScript[] {
  const scripts = new Map<string, InstallScript>();
  for (const [path, entry] of installed) {
    if (!entry.hasInstallScript || entry.link) continue;
    const script = scriptOf(path, entry);
    if (!script) throw broken(file, `${JSON.stringify(path)} has no plain name and version.`);
    scripts.set(script.spec, script);
  }
  return [...scripts.values()];
}

function scriptOf(path: string, entry: z.infer<typeof Locked>): InstallScript | undefined {
  const name = entry.name ?? path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
  const spec = `${name}@${entry.version ?? ""}`;
  if (!/^(?:@[\w.~-]+\/)?[\w.~][\w.~-]*@\d[\w.+-]*$/.test(spec)) return undefined;
  return { spec, optional: entry.optional === true || entry.devOptional === true };
}

function mayBeFetched(entry: z.infer<typeof Locked>, registries: readonly string[]): boolean {
  if (entry.link) return typeof entry.resolved === "string" && isInside(entry.resolved);
  if (typeof entry.resolved === "string") {
    return URL.canParse(entry.resolved) && registries.some((url) => isBelow(entry.resolved, url));
  }
  // Without an address npm asks the registry for the version, which must then be a plain one.
  return entry.inBundle === true || /^\d[\w.+-]*$/.test(entry.version ?? "");
}

function isBelow(address: string | boolean | undefined, registry: string): boolean {
  const { href, username, password } = new URL(String(address));
  return username === "" && password === "" && href.startsWith(registry);
}

function isInside(path: string): boolean {
  return (
    !path.startsWith("/") &&
    !path.includes("\\") &&
    !path.includes(":") &&
    path.split("/").every((name) => name !== "" && name !== "." && name !== ".." && name !== ".git")
  );
}

function withSlash(url: string | undefined): string | undefined {
  return url === undefined || url.endsWith("/") ? url : `${url}/`;
}

function parsed(text: string, file: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new NexusError("sandbox.setup-failed", `${file} is no JSON.`, { cause });
  }
}

function broken(file: string, why: string): NexusError {
  return new NexusError("sandbox.setup-failed", `${file} cannot be installed: ${why}`, {
    hint: "Lock packages of the registry only, with npm 7 or newer.",
  });
}
