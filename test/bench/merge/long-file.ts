import type { Sides } from "../../../src/core/merge.ts";

const LINES = 10_000;
const LINES_OF_A_FUNCTION = 5;

/** A module of ten thousand lines that both sides changed in many places, some of them the same. */
export function longFile(): Sides {
  const functions = LINES / LINES_OF_A_FUNCTION;
  const text = (own: (at: number) => Partial<Parts>) =>
    Array.from({ length: functions }, (_, at) => functionText({ ...PARTS, at, ...own(at) })).join(
      "",
    );
  return {
    path: "src/long.ts",
    base: text(() => ({})),
    ours: text((at) => (at % 50 === 0 ? { word: "total", added: `ours${at}` } : {})),
    theirs: text((at) => (at % 75 === 0 ? { step: 2, added: `theirs${at}` } : {})),
  };
}

interface Parts {
  readonly word: string;
  readonly step: number;
  /** The name of one more function after it. */
  readonly added: string | undefined;
}

const PARTS: Parts = { word: "sum", step: 1, added: undefined };

function functionText({ at, word, step, added }: Parts & { readonly at: number }): string {
  const more =
    added === undefined ? "" : `export function ${added}(): string {\n  return "${added}";\n}\n\n`;
  return `export function f${at}(a: number): number {
  const ${word} = a + ${at};
  return ${word} * ${step};
}

${more}`;
}
