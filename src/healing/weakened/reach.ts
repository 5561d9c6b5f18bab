import { closedAt, statementEnd } from "./extents.ts";
import { type Frame, framesAt, type Stretch } from "./frames.ts";
import { isNeverCalled } from "./never-called.ts";
import { isSwallowed } from "./swallowed.ts";
import type { Family } from "./test-files.ts";

/** Whether what stands in a test is sure to run and to be heard. */
export type Reach = "sure" | "perhaps" | "never";

/** One assertion in the stretch of its test. */
export interface Placed extends Stretch {
  readonly family: Family;
  readonly start: number;
  readonly end: number;
}

const FAR = 20_000;
const NEAR = 2_000;
/** The nearest places that leave a test. */
const MOST = 20;

/** Reads it off the blocks around an assertion, what leaves before it, and what stands beside it in its statement. */
export function reachOf(placed: Placed): Reach {
  const frames = framesAt(placed, placed.start);
  const own = [...frames, ...bareHead(placed)];
  if (own.some(({ head }) => NEVER.test(head)) || isCutOut(placed)) return "never";
  if (isSwallowed(placed, frames) || isNeverCalled(placed, frames)) return "never";
  const beside = besideIn(placed);
  const left = leftBefore(placed, frames);
  if (beside === "never" || left === "never") return "never";
  const asked = ASKED_BEFORE.test(placed.code.slice(placed.start, placed.end))
    ? own.slice(0, -1)
    : own;
  const isAsked = asked.some(({ head, isBlock }) => isBlock && CONDITION.test(head));
  return isAsked || beside === "perhaps" || left === "perhaps" ? "perhaps" : "sure";
}

/** What Go asks before it complains is the assertion itself. */
const ASKED_BEFORE = /^(?:t|tt|b|f|tc)\.[A-Z]/;
const NO = String.raw`(?:false|False|0|null|None|nil|undefined|!\s*(?:true|1)|not True|"\s*"|'\s*')`;
const NEVER = new RegExp(
  [
    String.raw`(?:^|\n|\belse )\s*(?:if|while|elif|elsif)\b\s*\(?\s*${NO}\s*(?:(?:&&|\band\b)[^\n]*)?\)?\s*(?:\bthen)?:?$`,
    String.raw`(?:^|\n|\belse )\s*(?:if|while|elif|elsif)\b[^\n]*(?:&&|\band)\s*${NO}\s*\)?\s*:?$`,
    String.raw`\bunless\s*\(?\s*(?:true|1)\s*\)?$`,
    String.raw`\bfor\b[^\n]*\b(?:of|in)\s*\(?(?:\[\s*\]|\(\s*\)|range\(0\))\s*\)?\s*:?$`,
    String.raw`\[\s*\]\.(?:forEach|map|every|some|each)\b`,
  ].join("|"),
);
const CONDITION = /(?:^|\n)\s*(?:else\s+)?(?:if|elif|elsif|unless)\b|(?:^|\n)\s*else\s*:?$/;

/** An `if` or a loop without a block of its own. */
function bareHead({ code, from, start, byIndentation }: Placed): readonly Frame[] {
  const before = code.slice(Math.max(from, start - 400), start);
  const told = byIndentation
    ? /(?:^|\n)[ \t]*((?:if|elif|else|for|while)\b[^\n]*:)[ \t]*$/.exec(before)?.[1]
    : unblocked(before);
  return told === undefined ? [] : [{ head: told, start, isBlock: true, end: () => start }];
}

function unblocked(before: string): string | undefined {
  const tail = before.replace(/\b(?:await|return|void)\s*$/, "").trimEnd();
  if (/\belse$/.test(tail)) return "else";
  for (const { index } of [...tail.matchAll(/\b(?:if|while|for)\s*\(/g)].toReversed()) {
    if (closedAt(tail, tail.indexOf("(", index)) === tail.length && tail.endsWith(")"))
      return tail.slice(index);
  }
  return undefined;
}

/** Between `#if 0` and its end, where a preprocessor takes it away. */
function isCutOut({ code, family, start }: Placed): boolean {
  if (!["c", "swift", "java"].includes(family)) return false;
  const marks = [
    ...code
      .slice(Math.max(0, start - FAR), start)
      .matchAll(/^[ \t]*#(if|else|elif|endif)\b[ \t]*(\w*)/gm),
  ];
  const [, mark, what = ""] = marks.at(-1) ?? [];
  return mark === "if" && /^(?:0|false|FALSE)$/.test(what);
}

const BEFORE =
  /(?:\|\||&&|\?\?|(?<!\?)\?|\bor|\band)\s*(?:\(\s*)*(?:(?:await|void)\s+)*$|\?[^:;{}\n]*:\s*(?:(?:await|void)\s+)*$/;
const NOT_HEARD = /(?:\.catch\(|\|\|\s*true\b|\bor True\b|\brescue\b)/;

/** What stands in the same statement before it and after it. */
function besideIn({ code, start, end, family, from }: Placed): Reach {
  const before = code.slice(Math.max(from, start - 200), start);
  const own = code.slice(start, end);
  if (BEFORE.test(before)) return "never";
  const flat = outermost(own);
  if (NOT_HEARD.test(flat)) return "never";
  const isStatement = /^(?:assert|refute|is_expected)\s+\S/.test(own);
  if (!isStatement && /\|\||&&|\?\?|\s\?\s|\s(?:or|and)\s/.test(flat)) return "never";
  if (/\sif\s+(?:false|False|nil|None|0)\b|\sunless\s+true\b/.test(flat)) return "never";
  if (/\s(?:if|unless)\s/.test(flat) && (family === "ruby" || family === "python"))
    return "perhaps";
  const isLater = /\.(?:resolves|rejects|eventually)\b|^assert\.(?:rejects|doesNotReject)\(/.test(
    own,
  );
  return isLater && family === "script" && !HEARD.test(before) ? "never" : "sure";
}

const HEARD = /(?:\b(?:await|return|yield)|=>|[(,[])\s*$/;

/** Without what stands in brackets. */
function outermost(code: string): string {
  let flat = "";
  for (let at = 0; at < code.length; at += 1) {
    flat += code.charAt(at);
    if ("([{".includes(code.charAt(at))) at = closedAt(code, at) - 2;
  }
  return flat;
}

const LEAVES =
  /(?<![\w$.])(?:return\b|process\.exit\w*\(|sys\.exit\(|os\._exit\(|os\.Exit\(|(?:std::)?process::exit\(|System\.exit\(|pytest\.exit\(|raise SystemExit|runtime\.Goexit\(|exit[(!;\n])/g;
const FAILS =
  /\b(?:throw|raise|panic|fail|assert|expect|reject|refute|flunk|XCTFail)|\b[tbf]\.(?:Error|Fatal|Fail)/;

/** Whether the test is left before: always, or where something is so. What fails before it leaves hides nothing. */
function leftBefore(placed: Placed, frames: readonly Frame[]): Reach {
  const { code, start } = placed;
  const outer = frames.find(({ isBlock }) => isBlock)?.start ?? start - NEAR;
  const begin = Math.max(placed.from, outer, start - FAR);
  const around = new Set(frames.map((frame) => frame.start));
  let found: Reach = "sure";
  for (const { index } of [...code.slice(begin, start).matchAll(LEAVES)].slice(-MOST)) {
    const at = begin + index;
    if (statementEnd(code, at) > start) continue;
    const inside = framesAt(placed, at).filter((frame) => !around.has(frame.start));
    if (inside.some(({ head, isBlock }) => !isBlock || !isControl(head))) continue;
    if (inside.some((frame) => FAILS.test(code.slice(frame.start, frame.end())))) continue;
    const isAlways = inside.length === 0 && bareHead({ ...placed, start: at }).length === 0;
    if (isAlways) return "never";
    found = "perhaps";
  }
  return found;
}

function isControl(head: string): boolean {
  return /(?:^|\n|\})\s*(?:else\s+)?(?:if|elif|elsif|unless|switch|match|case|when|for|while|with|try|begin|do)\b|\b(?:else|try|do)\s*:?$/.test(
    head,
  );
}
