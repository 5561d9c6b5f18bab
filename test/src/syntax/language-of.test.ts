import { expect, test } from "vitest";
import { languageOf } from "../../../src/syntax/language-of.ts";

test.each([
  ["src/a.ts", "typescript"],
  ["src/a.d.mts", "typescript"],
  ["a.cts", "typescript"],
  ["A.TSX", "tsx"],
  ["a.jsx", "javascript"],
  ["a.mjs", "javascript"],
  ["tsconfig.json", "json"],
  ["settings.jsonc", "json"],
  [".babelrc", "json"],
  [".eslintrc", "yaml"],
  [".github/workflows/ci.yml", "yaml"],
  ["Cargo.lock", "toml"],
  ["Pipfile", "toml"],
  ["Pipfile.lock", "json"],
  ["a/b.pyi", "python"],
  ["main.go", "go"],
  ["lib.rs", "rust"],
  ["A.java", "java"],
  ["a.css", "css"],
  ["index.htm", "html"],
  ["README.md", "markdown"],
])("%s is %s", (path, language) => {
  const found = languageOf(path);

  expect(found).toBe(language);
});

test.each([
  "",
  "/",
  "ts",
  ".ts",
  "a.",
  "a.ts/b",
  "a.scss",
  "a.vue",
  "yarn.lock",
  "constructor",
  "a.constructor",
  "a.__proto__",
  "a.ts\0",
])("no language is known for %j", (path) => {
  const found = languageOf(path);

  expect(found).toBeUndefined();
});
