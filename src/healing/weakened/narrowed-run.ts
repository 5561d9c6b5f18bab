import type { Weakening } from "../../core/weakening.ts";
import { type ChangedText, findingAt, shown } from "./changed-text.ts";
import { letsPass, ruleOff, thresholdsIn } from "./let-pass.ts";
import { isOtherScript, narrowedScripts } from "./narrowed-scripts.ts";
import { familiesIn } from "./run-families.ts";
import { type RunFile, runFileOf } from "./run-files.ts";

/** Where less is run than before, or a red result is let pass: scripts, workflows, shell scripts, configs. */
export function narrowedRun(files: readonly ChangedText[]): Weakening[] {
  const run = files.flatMap((file) => {
    const kind = runFileOf(file.path);
    return kind ? [{ ...file, kind }] : [];
  });
  const workflows = run.filter(({ kind }) => kind === "workflow");
  const still = new Set(
    workflows.flatMap(({ head = "" }) => commandLines(head).flatMap(familiesOf)),
  );
  return run.flatMap((file) => [
    ...passed(file),
    ...lowered(file),
    ...(file.kind === "scripts" ? narrowedScripts(file) : []),
    ...(file.kind === "workflow" ? goneSteps(file, still) : []),
    ...(file.kind === "config" ? rulesOff(file) : []),
  ]);
}

type RunText = ChangedText & { readonly kind: RunFile };

interface Line {
  readonly text: string;
  /** From 1. */
  readonly number: number;
}

const COMMENTED = /^\s*(?:#|\/\/)/;

function linesOf(text: string | undefined): Line[] {
  return (text ?? "")
    .split("\n")
    .map((line, index) => ({ text: line, number: index + 1 }))
    .filter((line) => !COMMENTED.test(line.text));
}

/** Lines that the other text has not, or has less often; white space does not count. */
function onlyIn(one: string | undefined, other: string | undefined): Line[] {
  const rest = linesOf(other).map(({ text }) => text.replaceAll(/[\s,]+/g, " ").trim());
  return linesOf(one).filter(({ text }) => {
    const at = rest.indexOf(text.replaceAll(/[\s,]+/g, " ").trim());
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  });
}

/** A file that was not there cannot have been stricter. */
function passed({ path, base, head, kind }: RunText): Weakening[] {
  if (base === undefined || head === undefined) return [];
  const gone = onlyIn(base, head).filter(({ text }) => letsPass(text, kind));
  const fresh = onlyIn(head, base).filter(
    ({ text }) => letsPass(text, kind) && !(kind === "scripts" && isOtherScript(text, head)),
  );
  return fresh.slice(gone.length).map(({ number }) => {
    return findingAt("narrowed-run", { path, text: head, side: "head", line: number });
  });
}

function lowered({ path, base, head }: RunText): Weakening[] {
  if (base === undefined || head === undefined) return [];
  const [before, now] = [base, head].map((text) =>
    linesOf(text).flatMap(({ text: line, number }) =>
      thresholdsIn(line).map((one) => ({ ...one, number })),
    ),
  );
  const keys = new Set((before ?? []).map(({ key }) => key));
  return [...keys].flatMap((key) => {
    const earlier = (before ?? []).filter((one) => one.key === key);
    const later = (now ?? []).filter((one) => one.key === key);
    return earlier.flatMap((one, index): Weakening[] => {
      const other = later[index];
      if (!other) {
        const { number: line } = one;
        return [findingAt("narrowed-run", { path, text: base, side: "base", line })];
      }
      if (other.value >= one.value) return [];
      return [findingAt("narrowed-run", { path, text: head, side: "head", line: other.number })];
    });
  });
}

const COMMAND = /^\s*-?\s*(?:run|script|command|uses):\s*\S|^\s+(?!\w[\w-]*:\s)\S/;

function commandLines(text: string): Line[] {
  return linesOf(text).filter((line) => COMMAND.test(line.text));
}

function familiesOf({ text }: Line): readonly string[] {
  return familiesIn(text);
}

/** Steps of a workflow whose kind of check no changed workflow runs any more. */
function goneSteps({ path, base, head }: RunText, still: ReadonlySet<string>): Weakening[] {
  if (base === undefined) return [];
  const gone = onlyIn(base, head).filter((line) => {
    const families = COMMAND.test(line.text) ? familiesOf(line) : [];
    return families.some((family) => !still.has(family));
  });
  const triggers = goneTrigger({ path, base, head });
  const steps = gone.map(({ number }) =>
    findingAt("narrowed-run", { path, text: base, side: "base", line: number }),
  );
  return [...steps, ...triggers];
}

function goneTrigger({ path, base, head }: ChangedText): Weakening[] {
  const asks = (text = "") => linesOf(text).find((line) => /\bpull_request\b/.test(line.text));
  const [before, now] = [asks(base), asks(head)];
  if (!before || now || head === undefined || base === undefined) return [];
  if (!commandLines(base).some((line) => familiesOf(line).length > 0)) return [];
  return [
    { path, line: before.number, side: "base", kind: "narrowed-run", text: shown(before.text) },
  ];
}

function rulesOff({ path, base, head }: RunText): Weakening[] {
  if (base === undefined || head === undefined) return [];
  const rulesIn = (text: string) =>
    linesOf(text).flatMap(({ text: line }) => ruleOff(line, path) ?? []);
  const before = new Set(rulesIn(base));
  return onlyIn(head, base).flatMap(({ text: line, number }) => {
    const rule = ruleOff(line, path);
    if (rule === undefined || before.has(rule) || isShorter(rule, before)) return [];
    return [findingAt("switched-off-rule", { path, text: head, side: "head", line: number })];
  });
}

/** A list of ignored rules that lost some. */
function isShorter(rule: string, before: ReadonlySet<string>): boolean {
  const codes = (text: string) => new Set(text.match(/[\w-]+/g) ?? []);
  const own = codes(rule);
  return [...before].some((earlier) => {
    const all = codes(earlier);
    return earlier.includes("ignore") && [...own].every((code) => all.has(code));
  });
}
