/** Languages by the end of a file's name, in lower case. */
const BY_ENDING: Readonly<Record<string, string>> = {
  ts: "typescript",
  mts: "typescript",
  cts: "typescript",
  tsx: "tsx",
  js: "javascript",
  jsx: "javascript",
  mjs: "javascript",
  cjs: "javascript",
  json: "json",
  jsonc: "json",
  json5: "json",
  geojson: "json",
  webmanifest: "json",
  "code-workspace": "json",
  ipynb: "json",
  yaml: "yaml",
  yml: "yaml",
  cff: "yaml",
  toml: "toml",
  py: "python",
  pyi: "python",
  pyw: "python",
  go: "go",
  rs: "rust",
  java: "java",
  css: "css",
  html: "html",
  htm: "html",
  md: "markdown",
  markdown: "markdown",
};

/** Languages of files that are known by their whole name, in lower case. */
const BY_NAME: Readonly<Record<string, string>> = {
  ".babelrc": "json",
  ".jshintrc": "json",
  ".swcrc": "json",
  ".nycrc": "json",
  ".watchmanconfig": "json",
  "composer.lock": "json",
  "pipfile.lock": "json",
  "deno.lock": "json",
  "bun.lock": "json",
  "flake.lock": "json",
  // These may be written in either; YAML reads both.
  ".eslintrc": "yaml",
  ".prettierrc": "yaml",
  ".stylelintrc": "yaml",
  ".lintstagedrc": "yaml",
  ".clang-format": "yaml",
  ".clang-tidy": "yaml",
  ".yamllint": "yaml",
  pipfile: "toml",
  "cargo.lock": "toml",
  "poetry.lock": "toml",
  "uv.lock": "toml",
};

function own(table: Readonly<Record<string, string>>, key: string): string | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

/** The language of a file by its path alone; undefined where no grammar is known for it. */
export function languageOf(path: string): string | undefined {
  const name = path.slice(path.lastIndexOf("/") + 1).toLowerCase();
  const dot = name.lastIndexOf(".");
  return own(BY_NAME, name) ?? (dot < 1 ? undefined : own(BY_ENDING, name.slice(dot + 1)));
}
