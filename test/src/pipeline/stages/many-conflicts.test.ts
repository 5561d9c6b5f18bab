import { expect, it } from "vitest";
import { outcomeText } from "../../../../src/conversation/outcome-text.ts";
import { resolve } from "../../../../src/pipeline/stages/resolve.ts";
import { createSyntax } from "../../../../src/syntax/create-syntax.ts";
import { freshSignal } from "../../git/sample-repository.ts";
import { asked, helping, PULL } from "./conflicting-pull.ts";

it("of many conflicts all are named, the first are shown, and no model is asked in vain", async () => {
  const paths = Array.from({ length: 22 }, (_, at) => `${String(at).padStart(2, "0")}.txt`);
  const side = (text: string) => Object.fromEntries(paths.map((path) => [path, `${text}\n`]));
  const { bench, state } = await asked({
    mine: side("mine"),
    theirs: side("theirs"),
    help: helping("mine\ntheirs\n"),
  });

  const found = await resolve(bench)(state, freshSignal());

  const { outcome } = found;
  if (outcome?.kind !== "conflicted") throw new Error(`It is ${outcome?.kind}.`);
  expect(outcome.files).toEqual(paths);
  expect(outcome.merge?.left).toHaveLength(20);
  expect(outcomeText(outcome).paragraphs.join("\n")).toContain("And 2 files more in which");
  expect(found.usage?.calls).toBe(0);
});

it("a pull request that is only behind is looked at with more than git's eyes", async () => {
  const code = (top: string, end: string) =>
    [top, "export const a = 1;", "export const b = 2;", "export const c = 3;", end]
      .filter(Boolean)
      .map((text) => `${text}\n\n\n`)
      .join("");
  const pullRequest = async () => ({ ...PULL, merges: "behind" as const });
  const { bench, state } = await asked({
    before: { "a.ts": code("", "") },
    mine: { "a.ts": code("export function sum(x: number) {\n  return x + 1;\n}", "") },
    theirs: { "a.ts": code("", "export function sum(y: number) {\n  return y + 2;\n}") },
    platform: { pullRequest },
  });
  const syntax = await createSyntax();

  const found = await resolve({ ...bench, syntax: async () => syntax })(state, freshSignal());

  expect(found.outcome).toMatchObject({ kind: "conflicted", files: ["a.ts"] });
});
