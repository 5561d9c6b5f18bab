import { z } from "zod";
import { MergeStage } from "../../../src/core/merge.ts";

/** One merge as a careful maintainer would do it, written down by hand. */
export interface GoldenCase {
  readonly path: string;
  readonly expect: "merged" | "conflicted";
  /** Who settled the last place. */
  readonly stage: MergeStage | undefined;
  readonly base: string;
  readonly ours: string;
  readonly theirs: string;
  /** The merged text; of a conflict, words that its reasons contain. */
  readonly result: string;
}

const SECTIONS = ["base", "ours", "theirs", "result"] as const;
const Head = z.strictObject({
  path: z.string().min(1),
  expect: z.enum(["merged", "conflicted"]),
  stage: MergeStage.optional(),
  /** `crlf`: every line of every text ends so. */
  eol: z.literal("crlf").optional(),
});
const HEADER = /^=== (?:(path|expect|stage|eol): (.+)|(base|ours|theirs|result))$/;
const NO_NEWLINE = "\\ No newline at end of file\n";

/** Reads one case file; `name` is in every error. Throws where a header is unknown, missing or out of order. */
export function readGoldenCase(name: string, file: string): GoldenCase {
  const bad = (why: string) => new Error(`${name}: ${why}`);
  const head: Record<string, string> = {};
  const texts: string[] = [];
  for (const line of file.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    const [, key, value, section] = HEADER.exec(line.trimEnd()) ?? [];
    if (section !== undefined) {
      if (section !== SECTIONS[texts.length]) throw bad(`"=== ${section}" stands out of order`);
      texts.push("");
    } else if (key !== undefined && texts.length === 0) {
      if (Object.hasOwn(head, key)) throw bad(`"=== ${key}" is there twice`);
      head[key] = value ?? "";
    } else if (line.startsWith("=== ") || texts.length === 0) {
      throw bad(`${JSON.stringify(line.trimEnd())} is no header of a case`);
    } else {
      texts.push((texts.pop() ?? "") + line);
    }
  }
  const [base, ours, theirs, result] = texts;
  if (base === undefined || ours === undefined || theirs === undefined || result === undefined)
    throw bad(`"=== ${SECTIONS[texts.length]}" is missing`);
  const parsed = Head.safeParse(head);
  if (!parsed.success) throw bad(z.prettifyError(parsed.error));
  const { path, expect, stage, eol } = parsed.data;
  if (result === "" && expect === "conflicted") throw bad("the words of the conflict are missing");
  const text = (section: string) => withEnds(section, eol === "crlf");
  return {
    path,
    expect,
    stage,
    base: text(base),
    ours: text(ours),
    theirs: text(theirs),
    result: expect === "merged" ? text(result) : result.trim(),
  };
}

function withEnds(section: string, isCrlf: boolean): string {
  const whole = section.endsWith(NO_NEWLINE)
    ? section.slice(0, -NO_NEWLINE.length).replace(/\n$/, "")
    : section;
  return isCrlf ? whole.replaceAll("\n", "\r\n") : whole;
}
