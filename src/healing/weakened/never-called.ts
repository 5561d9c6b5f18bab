import type { Frame, Stretch } from "./frames.ts";

const PARAMETERS = String.raw`(?:\((?:[^(){}]|\([^()]*\))*\)|\w+)`;
const ARROW = String.raw`(?:async\s*)?${PARAMETERS}\s*(?::[^={}]*)?=>`;
const BOUND = String.raw`\b(?:const|let|var|val|auto)\s+(?:mut\s+)?(?<bound>\w+)\s*(?::[^={}]*)?=\s*(?:${ARROW}|(?:async\s*)?function\b[^{}]*|(?:move\s*)?\|[^|]*\||\[[^\]]*\]\s*\([^()]*\))\s*$`;
const NAMED = new RegExp(
  [
    BOUND,
    String.raw`\b(?:function\s*\*?|fn|fun|func)\s+(?<named>\w+)\s*[(<][^{}]*$`,
    String.raw`\b(?<go>\w+)\s*:=\s*func\b[^{}]*$`,
    String.raw`^(?:async\s+)?def\s+(?<def>\w+)[^\n]*:$`,
  ].join("|"),
);
const LOOSE = /(?:^|[;{}\n])\s*\(?\s*(?:async\s*)?\([^()]*\)\s*=>\s*(?:await\s+)?$/;

/** Whether an assertion stands in a function of its test that nothing in the file calls. */
export function isNeverCalled(
  { code, from, start }: Stretch & { readonly start: number },
  frames: readonly Frame[],
): boolean {
  const blocks = frames.filter(({ isBlock }) => isBlock).slice(1);
  const before = code.slice(Math.max(from, start - 300), start);
  const isLoose = LOOSE.test(before) && blocksOf(frames) > 0;
  if (isLoose) return true;
  const names = [...blocks.map(({ head }) => nameIn(head)), nameIn(before)];
  return names.some((name) => name !== undefined && occursOnce(code, name));
}

function blocksOf(frames: readonly Frame[]): number {
  return frames.filter(({ isBlock }) => isBlock).length;
}

function nameIn(head: string): string | undefined {
  const { bound, named, go, def } = NAMED.exec(head)?.groups ?? {};
  return bound ?? named ?? go ?? def;
}

function occursOnce(code: string, name: string): boolean {
  const word = new RegExp(`(?<![\\w$])${name}(?![\\w$])`, "g");
  return word.test(code) && !word.test(code);
}
