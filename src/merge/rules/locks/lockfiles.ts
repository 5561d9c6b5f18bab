import type { Sides } from "../../../core/merge.ts";
import { folderOf, inFolder, nameOf } from "../path-parts.ts";
import type { Regeneration, Rule, RuleTexts } from "../rule.ts";
import { formatsOf } from "./lock-format.ts";
import { type LockProgram, lockProgram } from "./lock-programs.ts";
import { movedBy } from "./lost-moves.ts";
import { startNpmLock } from "./npm-lock-start.ts";
import { refuseLock } from "./refuse-lock.ts";

const WHY = "a lockfile is made anew by its package manager, never merged as text";
/** Lockfiles whose programs move everything that may be moved, or that only their own machines have. */
const BY_HAND =
  /^(?:(?:Pipfile|pdm|pixi|Gopkg|glide|Podfile|mix|rebar|pubspec|flake|deno|paket|shard|conan|Chart|requirements|conda-lock|buildscript-gradle|gradle)\.lock(?:file)?|pylock(?:\.[\w-]+)?\.toml|conda-lock\.ya?ml|(?:Package|Cartfile)\.resolved|packages\.lock\.json|MODULE\.bazel\.lock|\.terraform\.lock\.hcl|stack\.yaml\.lock|cabal\.project\.freeze|renv\.lock)$/;

/** The rule of a lockfile; undefined for files that are none. */
export function lockfileRule(path: string, texts?: RuleTexts): Rule | undefined {
  const name = nameOf(path);
  if (name === "bun.lockb")
    return { kind: "never", why: "a binary lockfile says nothing that could be merged" };
  if (BY_HAND.test(name) || /(?:^|\/)gradle\/dependency-locks\/[^/]+\.lockfile$/.test(path))
    return { kind: "never", why: `${WHY}; here nobody can run it` };
  const program = lockProgram(name, texts?.ours ?? "");
  if (!program) return undefined;
  return { kind: "regenerate", why: WHY, by: regenerationOf(path, program, texts) };
}

function regenerationOf(path: string, of: LockProgram, texts?: RuleTexts): Regeneration {
  const folder = folderOf(path);
  const { before = [], offline, offlineEnv = {} } = of;
  const command = [...before, of.program, ...of.args, ...partsOf(path, of, texts)];
  // Variables reach the command through `env`, the one program that sets them for one command.
  const settings = Object.entries(offlineEnv).map(([name, value]) => `${name}=${value}`);
  const prefix = settings.length === 0 ? [] : ["env", ...settings];
  return {
    program: of.program,
    folder,
    command,
    offline: offline && [...prefix, ...command, ...offline],
    env: of.env,
    tool: toolFor(of, texts, inFolder(folder, of.manifest)),
    hosts: of.hosts,
    publicRegistry: of.publicRegistry,
    settings: of.settings,
    needs: [inFolder(folder, of.manifest)],
    reads: [of.manifest, nameOf(path), ...(of.reads ?? [])],
    touches: [path],
    isOwnScript: false,
    start: (sides) => (of.program === "npm" ? startNpmLock(sides) : undefined) ?? sides.ours,
    refusal: (sides: Sides, result) => refuseLock(sides, result, of.hosts),
  };
}

function partsOf(path: string, of: LockProgram, texts: RuleTexts | undefined): readonly string[] {
  // npm only keeps a format that is not its oldest.
  if (of.program === "npm")
    return formatsOf(texts?.ours ?? "")[0] === "1" ? ["--lockfile-version=1"] : [];
  return of.program === "composer" ? composerParts(path, texts) : [];
}

/** What theirs moved, added or took away has to be named: Composer would move everything or nothing. */
function composerParts(path: string, texts: RuleTexts | undefined): readonly string[] {
  const names = texts ? movedBy({ path, base: texts.base }, texts.theirs) : [];
  const safe = names.filter((name) => /^[a-z\d_.-]{1,100}\/[a-z\d_.-]{1,100}$/.test(name));
  return safe.length === 0 ? ["--lock"] : safe.slice(0, 500);
}

/** How the program is brought: in the release that the repository names, or in one that writes the format that is there. */
function toolFor(
  { program, tool, releases }: LockProgram,
  texts: RuleTexts | undefined,
  manifest: string,
): readonly string[] | undefined {
  if (!tool) return undefined;
  const release =
    namedRelease(program, texts?.around?.get(manifest)) ??
    releases?.get(formatsOf(texts?.ours ?? "")[0] ?? "") ??
    releases?.get("");
  if (release === undefined) return tool;
  return [...tool.slice(0, -1), `${tool.at(-1)}@${release}`];
}

function namedRelease(program: string, manifest: string | undefined): string | undefined {
  const named = /"packageManager"\s*:\s*"(\w+)@(\d+\.\d+\.\d+)["+]/.exec(manifest ?? "");
  const [, name, release] = named ?? [];
  return name === program ? release : undefined;
}
