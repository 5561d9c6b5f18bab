import { createRequire } from "node:module";
import { Language, Parser } from "web-tree-sitter";

/** Where the compiled grammar of each language lies in the installed packages. */
const FILES: Readonly<Record<string, string>> = {
  typescript: "tree-sitter-typescript/tree-sitter-typescript.wasm",
  tsx: "tree-sitter-typescript/tree-sitter-tsx.wasm",
  javascript: "tree-sitter-javascript/tree-sitter-javascript.wasm",
  json: "tree-sitter-json/tree-sitter-json.wasm",
  yaml: "@tree-sitter-grammars/tree-sitter-yaml/tree-sitter-yaml.wasm",
  toml: "@tree-sitter-grammars/tree-sitter-toml/tree-sitter-toml.wasm",
  python: "tree-sitter-python/tree-sitter-python.wasm",
  go: "tree-sitter-go/tree-sitter-go.wasm",
  rust: "tree-sitter-rust/tree-sitter-rust.wasm",
  java: "tree-sitter-java/tree-sitter-java.wasm",
  css: "tree-sitter-css/tree-sitter-css.wasm",
  html: "tree-sitter-html/tree-sitter-html.wasm",
};

/** The languages that have a grammar. */
export const GRAMMARS: readonly string[] = Object.keys(FILES);

/** The grammars of these languages, by name. Throws where a package is not installed. */
export async function loadGrammars(
  languages: readonly string[],
): Promise<ReadonlyMap<string, Language>> {
  const { resolve } = createRequire(import.meta.url);
  const wanted = Object.entries(FILES).filter(([name]) => languages.includes(name));
  if (wanted.length > 0) await Parser.init();
  return new Map(
    await Promise.all(
      wanted.map(async ([name, file]) => [name, await Language.load(resolve(file))] as const),
    ),
  );
}
