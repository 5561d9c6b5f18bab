import { nameAt } from "./name-at.ts";

/** Families of languages whose tests are written alike. */
export type Family = "script" | "python" | "go" | "rust" | "java" | "ruby" | "php" | "swift" | "c";

const FAMILIES: Readonly<Record<string, Family>> = {
  ...family("script", "ts mts cts tsx js mjs cjs jsx vue svelte"),
  ...family("python", "py"),
  ...family("go", "go"),
  ...family("rust", "rs"),
  ...family("java", "java kt kts scala groovy cs"),
  ...family("ruby", "rb ex exs"),
  ...family("php", "php"),
  ...family("swift", "swift"),
  ...family("c", "c cc cpp cxx h hpp"),
};

function family(name: Family, endings: string): Record<string, Family> {
  return Object.fromEntries(endings.split(" ").map((ending) => [ending, name]));
}

/** The family of a file by its ending; undefined for what holds no code that is known here. */
export function familyOf(path: string): Family | undefined {
  const ending = endingOf(path);
  return Object.hasOwn(FAMILIES, ending) ? FAMILIES[ending] : undefined;
}

function endingOf(path: string): string {
  const name = nameAt(path);
  return name.slice(name.lastIndexOf(".") + 1).toLowerCase();
}

/** What a test file of a family is called. Rust keeps its unit tests in the files they test. */
const NAMES: Readonly<Record<Family, RegExp>> = {
  script: /[.\-_](?:test|tests|spec|specs|e2e|cy)\.\w+$|^(?:test|tests|spec)\.\w+$/i,
  python: /^test_|_tests?\.py$|^tests?\.py$|^conftest\.py$/,
  go: /_test\.go$/,
  rust: /^tests?\.rs$|_tests?\.rs$/,
  java: /(?:Test|Tests|TestCase|IT|Spec)\.\w+$|^Test[A-Z]\w*\.\w+$/,
  ruby: /_(?:spec|test)\.\w+$|^(?:spec|test)_\w+\.\w+$/,
  php: /Test\.php$/,
  swift: /Tests?\.swift$/,
  c: /(?:^|_)tests?(?:_\w+)?\.\w+$/i,
};

const FOLDERS = /(?:^|\/)(?:tests?|specs?|__tests__|__specs__|testing|e2e|cypress)\//i;
/** What tests read or compare with; beside tests, whatever its ending. */
const BESIDE =
  /(?:^|\/)(?:__snapshots__|__fixtures__|__mocks__|testdata|test-data|fixtures|test_helpers?)\/|\.snap$/i;

/** Whether a file holds tests or only serves them, by its path alone. */
export function isTestFile(path: string): boolean {
  const known = familyOf(path);
  if (known && NAMES[known].test(nameAt(path))) return true;
  return FOLDERS.test(path) || BESIDE.test(path);
}

/** Whether tests are looked for in a file: in test files, and in every file of languages that mix them with code. */
export function mayHoldTests(path: string): boolean {
  const known = familyOf(path);
  return known !== undefined && (known === "rust" || isTestFile(path));
}
