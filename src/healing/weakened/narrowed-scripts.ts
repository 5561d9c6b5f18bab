import type { Weakening } from "../../core/weakening.ts";
import { readPackageScripts } from "../package-scripts.ts";
import { type ChangedText, shown } from "./changed-text.ts";
import { familiesIn } from "./run-families.ts";

const CHECKING =
  /^(?:pre|post)?(?:test|tests|check|lint|types?|typecheck|type-check|tsc|build|ci|verify|validate|coverage|cover|format:check|fmt:check|e2e|unit|integration|spec|all)(?:[:\-_].*)?$/;
const EMPTY = /^\s*(?:true|:|exit 0|echo\b[^&|;]*(?:&&\s*(?:exit 0|true))?|node -e ["']{2})\s*$/;
const ONE_FILE =
  /(?:^|\s)["']?[\w@./*-]*[\w*]\.(?:test|spec)\.\w+\b|(?:^|\s)["']?(?:tests?|spec)\/[\w./-]+/;

/** Scripts that check and that are gone, say nothing any more, or run less. */
export function narrowedScripts({ path, base, head }: ChangedText): Weakening[] {
  if (base === undefined || head === undefined) return [];
  const before = readPackageScripts(base).scripts;
  const now = readPackageScripts(head).scripts;
  const all = [...now.values()];
  const still = new Set(all.flatMap(familiesIn));
  return [...before].flatMap(([name, command]): Weakening[] => {
    const other = now.get(name);
    if (!CHECKING.test(name) || other === command) return [];
    if (other === undefined) {
      const isKept = all.includes(command) || isCovered(command, still);
      return isKept ? [] : [finding({ path, text: base, name, side: "base" }, command)];
    }
    const loses = familiesIn(command).some((family) => !still.has(family));
    if (!isLess(command, other) && !loses) return [];
    return [finding({ path, text: head, name, side: "head" }, `${command} → ${other}`)];
  });
}

function isLess(command: string, other: string): boolean {
  if (EMPTY.test(other)) return !EMPTY.test(command);
  return ONE_FILE.test(other) && !ONE_FILE.test(command) && familiesIn(other).includes("tests");
}

const ENTRY = /^\s*"(?<name>[^"]+)":\s*"/;

/** Whether a line of a package.json is a script that checks nothing. */
export function isOtherScript(line: string, packageJson: string): boolean {
  const name = ENTRY.exec(line)?.groups?.name;
  if (name === undefined) return false;
  return readPackageScripts(packageJson).scripts.has(name) && !CHECKING.test(name);
}

/** Whether some script still runs every kind of check that a command ran. */
function isCovered(command: string, still: ReadonlySet<string>): boolean {
  const families = familiesIn(command);
  return families.length > 0 && families.every((family) => still.has(family));
}

interface Place {
  readonly path: string;
  readonly text: string;
  readonly name: string;
  readonly side: Weakening["side"];
}

function finding({ path, text, name, side }: Place, told: string): Weakening {
  const at = text.split("\n").findIndex((line) => line.includes(`"${name}"`));
  return {
    path,
    line: Math.max(0, at) + 1,
    side,
    kind: "narrowed-run",
    text: shown(`${name}: ${told}`),
  };
}
