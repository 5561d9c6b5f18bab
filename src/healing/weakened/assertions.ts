import { statementEnd } from "./extents.ts";
import { lineAt, type Masked } from "./masked.ts";
import { type Reach, reachOf } from "./reach.ts";
import { familyOf } from "./test-files.ts";
import { SHAPES } from "./test-shapes.ts";

/** One thing that a test demands. */
export interface Assertion {
  /** Without white space that means nothing. */
  readonly text: string;
  readonly line: number;
  readonly strength: Strength;
  /** The same text, whether it is sure to run or not. */
  readonly bare: string;
}

/** 0: always true. 1: that there is something. 2: what it is. */
type Strength = 0 | 1 | 2;

const START = new RegExp(
  [
    String.raw`(?:expect|assert|refute|XCTAssert|ASSERT|EXPECT)\w*!?\s*[(.]`,
    String.raw`(?:verify|check|ensure|must|should)(?:[A-Z_]\w*)?\s*\(`,
    String.raw`(?:assert|refute|is_expected)\s+(?=\S)`,
    String.raw`(?:t|tt|b|f|tc)\.(?:Error|Errorf|Fatal|Fatalf|Fail|FailNow|is|deepEqual|equal|same|like|true|false|truthy|falsy|throws\w*|rejects|regex|not\w*|ok|match|strictEqual)\s*\(`,
    String.raw`require\.[A-Z]\w*\s*\(`,
    String.raw`pytest\.(?:raises|warns)\s*\(`,
  ]
    .map((way) => `(?:${way})`)
    .join("|"),
  "g",
);

/** More of one stretch are taken for what is sure to run. */
const MOST_PLACED = 1_000;
const TOLD: Readonly<Record<Reach, string>> = {
  sure: "",
  perhaps: "may not run: ",
  never: "proves nothing any more: ",
};

/** The assertions of a stretch, in order. */
export function assertionsIn(file: Masked, from: number, to: number): Assertion[] {
  const { code, text, path } = file;
  const family = familyOf(path) ?? "script";
  const stretch = {
    code,
    from,
    to,
    family,
    byIndentation: SHAPES[family].extent === "indentation",
  };
  const found: Assertion[] = [];
  let done = from;
  for (const { index } of code.slice(from, to).matchAll(START)) {
    const start = from + index;
    if (start < done || /[\w$]/.test(code.charAt(start - 1))) continue;
    const end = Math.min(statementEnd(code, start), to);
    done = end;
    const isPlaced = found.length < MOST_PLACED;
    const reach = isPlaced ? reachOf({ ...stretch, start, end }) : "sure";
    const own = squashed(text.slice(start, end));
    const bare = squashed(`${conditionBefore(code, text, start)}${text.slice(start, end)}`);
    const strength = atMost(strengthOf(own), reach);
    found.push({ text: `${TOLD[reach]}${bare}`, bare, line: lineAt(text, start), strength });
  }
  return found;
}

function atMost(strength: Strength, reach: Reach): Strength {
  if (reach === "never") return 0;
  return reach === "perhaps" && strength === 2 ? 1 : strength;
}

/** What Go and its like ask before they complain: that is the assertion. */
function conditionBefore(code: string, text: string, start: number): string {
  if (!/^(?:t|tt|b|f|tc)\.[A-Z]/.test(code.slice(start, start + 12))) return "";
  const before = code.slice(Math.max(0, start - 400), start);
  const asked = before.lastIndexOf("if ");
  return asked < 0 ? "" : text.slice(start - before.length + asked, start);
}

/** Text with single blanks, and none where they mean nothing. */
export function squashed(text: string): string {
  return text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/ ?([()[\]{},;.]) ?/g, "$1")
    .replaceAll(/,(?=[)\]}])/g, "")
    .trim();
}

const CONSTANT = `(?:true|false|True|False|1|0|null|None|undefined|"[^"]*"|'[^']*')`;
const ALWAYS = new RegExp(
  [
    String.raw`^expect\(${CONSTANT}\)\.(?:not\.)?to\w*`,
    String.raw`^assert\w*[!.]?\w*\s?\(?(?:true|True|1)\)?(?:,\s?(?:"[^"]*"|'[^']*'))?\)?$`,
    String.raw`^(?:self|Assert|Assertions)?\.?assert(?:True|ok)?\((?:true|True)\b`,
    String.raw`^expect\(([^()]*)\)\.to(?:Be|Equal|StrictEqual)\(\1\)$`,
    String.raw`^assert\w*!?(?:\.\w+)?\(([^(),]+),\2\)$`,
    String.raw`^assert (\w+) == \3$`,
    String.raw`(?:\|\||\bor\b)\s?(?:true|True|1)\b(?!\s?[=<>])`,
    String.raw`[ (!](?:true|True|1)\s?(?:\|\||\bor\b)`,
  ].join("|"),
);
const SOMETHING =
  /toBeTruthy|toBeFalsy|toBeDefined|\.not\.(?:toBeNull|toBeUndefined|toThrow)|toBeInstanceOf|toBeTypeOf|expect\.(?:anything|any)\(|toHaveBeenCalled\(\)|to\.(?:exist|be\.ok)\b|NotNull|IsNotNone|isNotNull|assert_not_nil|be_truthy|be_present|is_ok\(\)|is_some\(\)|NoError|NotNil|assertIsInstance|isinstance\(|is not None\b|doesNotThrow/;
const COMPARES = /[=!<>]=|[<>]| in | is |\b(?:not )?in\b|startswith|match|equal|contains|includes/i;

function strengthOf(text: string): Strength {
  if (ALWAYS.test(text)) return 0;
  if (SOMETHING.test(text)) return 1;
  const plain =
    /^(?:assert|refute)(?: |\(|!\()|^assert\.(?:ok|True|False)\(|(?:^|\.)assert(?:True|False)\(/;
  return plain.test(text) && !COMPARES.test(text) ? 1 : 2;
}

const FRAME =
  /^(?:expect|assert\w*|to[A-Z]\w*|not|toBe|resolves|rejects|await|self|t|must|should)$/;

/** The names and literals that an assertion is about. */
export function wordsOf(text: string): ReadonlySet<string> {
  const words = text.match(/"[^"]*"|'[^']*'|`[^`]*`|[\w$.]*\d[\w.]*|[\w$]+/g) ?? [];
  return new Set(words.filter((word) => !FRAME.test(word)));
}
