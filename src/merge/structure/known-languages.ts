import type { Language } from "./language.ts";
import { css } from "./languages/css.ts";
import { go } from "./languages/go.ts";
import { html } from "./languages/html.ts";
import { java } from "./languages/java.ts";
import { json } from "./languages/json.ts";
import { markdown } from "./languages/markdown.ts";
import { python } from "./languages/python.ts";
import { rust } from "./languages/rust.ts";
import { toml } from "./languages/toml.ts";
import { typescript } from "./languages/typescript.ts";
import { yaml } from "./languages/yaml.ts";

const LANGUAGES: ReadonlyMap<string, Language> = new Map([
  ["typescript", typescript],
  ["tsx", typescript],
  ["javascript", typescript],
  ["json", json],
  ["yaml", yaml],
  ["toml", toml],
  ["python", python],
  ["go", go],
  ["rust", rust],
  ["java", java],
  ["css", css],
  ["html", html],
  ["markdown", markdown],
]);

/** What is known of a language by the name of its grammar; undefined where nothing is. */
export function languageNamed(name: string): Language | undefined {
  return LANGUAGES.get(name);
}
