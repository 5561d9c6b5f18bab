import type { ImportLanguage } from "./import-language.ts";
import { go } from "./languages/go.ts";
import { java } from "./languages/java.ts";
import { python } from "./languages/python.ts";
import { rust } from "./languages/rust.ts";
import { script } from "./languages/script.ts";

const LANGUAGES: ReadonlyMap<string, ImportLanguage> = new Map([
  ["typescript", script],
  ["tsx", script],
  ["javascript", script],
  ["python", python],
  ["rust", rust],
  ["go", go],
  ["java", java],
]);

/** How a language imports, by the name of its grammar; undefined for one that does not. */
export function importsOf(language: string | undefined): ImportLanguage | undefined {
  return language === undefined ? undefined : LANGUAGES.get(language);
}
