import type { Family } from "./test-files.ts";

/** How a family writes its tests. Patterns look at code without comments and insides of strings. */
export interface TestShape {
  /** Where a test or a group of tests begins: `mark` is the word that says so, `name` its name where that is no string. */
  readonly start: RegExp;
  readonly extent: "call" | "block" | "indentation";
  /** What must stand above it, where the start alone does not say that it is a test. */
  readonly needs?: RegExp;
  /** Whether the start is of a group. */
  readonly isGroup: RegExp;
  /** In the mark, or in what stands above it. */
  readonly skipped: RegExp;
  readonly alone?: RegExp;
  /** In the body. */
  readonly skipsItself: RegExp;
  /** Several cases in one test. */
  readonly table: RegExp;
}

const NEVER = /(?!)/;

const script: TestShape = {
  start:
    /(?<![\w$.])(?<mark>(?:[xf]?(?:describe|it|test|context|suite|specify|feature|scenario)|Deno\.test|t\.test)(?:\.[a-zA-Z]+)*)\s*(?=[(`])/g,
  extent: "call",
  isGroup: /^[xf]?(?:describe|context|suite|feature)\b/,
  skipped: /^x|\.(?:skip|todo|fails|failing|fixme|skipIf|runIf)\b|\b(?:skip|todo):(?!\s*false)/,
  alone: /^f(?:describe|it)\b|\.only\b|\bonly:\s*true/,
  skipsItself: /\b(?:t|this|ctx|context|test|it)\.(?:skip|todo|fixme)\(/,
  table: /\.(?:each|for)\b|\bfor\s*\(|\.forEach\(|\.map\(/,
};

const python: TestShape = {
  start:
    /^[ \t]*(?<mark>(?:async[ \t]+)?def|class)[ \t]+(?<name>test\w*|Test\w*|\w+Tests?|\w+TestCase)\b/gm,
  extent: "indentation",
  isGroup: /^class\b/,
  skipped: /@(?:\w+\.)*(?:skip\w*|xfail|expectedFailure)\b/,
  skipsItself: /\b(?:pytest\.(?:skip|xfail)|self\.skipTest|SkipTest)\s*\(/,
  table: /parametrize|subTest|\bfor\b|@(?:given|data)\b/,
};

const go: TestShape = {
  start:
    /^(?<mark>func)\s+(?<name>(?:Test|Fuzz|Example)\w*)\s*(?=\()|\b(?<sub>\w+\.Run)\s*(?=\(")/gm,
  extent: "block",
  isGroup: NEVER,
  skipped: NEVER,
  skipsItself: /\b[tbf]\.Skip(?:Now|f)?\(/,
  table: /\[\]struct|\brange\b/,
};

const rust: TestShape = {
  start: /\bfn\s+(?<name>\w+)\s*(?=[(<])/g,
  extent: "block",
  needs: /#\[(?:[\w:]+::)?(?:test|rstest|test_case|quickcheck|proptest)\b/,
  isGroup: NEVER,
  skipped: /#\[ignore\b|cfg\(any\(\)\)/,
  skipsItself: NEVER,
  table: /#\[(?:case|test_case|rstest)|\bfor\b/,
};

const java: TestShape = {
  start:
    /(?:@(?:Test|ParameterizedTest|RepeatedTest|TestFactory|Property)\b|\[(?:Fact|Theory|Test|TestCase|TestMethod)\b)(?:[^{};=]|=(?!>))*?\b(?<name>\w+|`[^`]*`)\s*(?=\((?!["')]*\]))[^{};]*?(?=\{|=>)/g,
  extent: "block",
  isGroup: NEVER,
  skipped: /@(?:Disabled\w*|Ignore)\b|\[(?:Ignore|Skip)\b|\bSkip\s*=/,
  skipsItself: /\b(?:assumeTrue\(false|Assume\.|Assert\.(?:Ignore|Inconclusive))/,
  table:
    /Parameterized|@(?:CsvSource|ValueSource|MethodSource)|\[(?:InlineData|TestCase)\b|\bfor\b/,
};

const ruby: TestShape = {
  start:
    /^[ \t]*(?<mark>(?:RSpec\.)?[xf]?(?:describe|context|it|specify|feature|scenario|test)|def)[ \t]*(?:(?=[("'A-Z])|[ \t]+(?<name>test_\w+))/gm,
  extent: "indentation",
  isGroup: /(?:describe|context|feature)/,
  skipped: /^x|\b(?:skip|pending):|,\s*:(?:skip|pending)\b|@tag :?skip/,
  alone: /^f(?:describe|it|context)\b|focus:\s*true|,\s*:focus\b/,
  skipsItself: /^\s*(?:skip|pending)\b/m,
  table: /\.each\b/,
};

const php: TestShape = {
  start: /\bfunction\s+(?<name>test\w*)\s*(?=\()/g,
  extent: "block",
  isGroup: NEVER,
  skipped: /@group\s+skip/,
  skipsItself: /markTest(?:Skipped|Incomplete)/,
  table: /dataProvider|\bforeach\b/i,
};

const swift: TestShape = {
  start: /\bfunc\s+(?<name>test\w*)\s*(?=\()/g,
  extent: "block",
  isGroup: NEVER,
  skipped: /\.disabled\(/,
  skipsItself: /XCTSkip/,
  table: /\bfor\b/,
};

const c: TestShape = {
  start: /\b(?<mark>TEST(?:_F|_P|_CASE)?)\s*(?=\()/g,
  extent: "block",
  isGroup: NEVER,
  skipped: /DISABLED_/,
  skipsItself: /GTEST_SKIP/,
  table: /TEST_P|\bfor\b/,
};

/** The shape of each family's tests. */
export const SHAPES: Readonly<Record<Family, TestShape>> = {
  script,
  python,
  go,
  rust,
  java,
  ruby,
  php,
  swift,
  c,
};
