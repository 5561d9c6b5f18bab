import type { Regeneration, Rule, RuleTexts } from "../rule.ts";
import { type OwnScript, ownScript } from "./own-script.ts";
import { type Origin, originOf } from "./what-made-it.ts";

const WHY: Readonly<Record<Origin, string>> = {
  snapshot:
    "a snapshot says what the tests saw, so it has to be made anew and looked at by a person",
  generated: "a generated file is made anew from what it is generated from, never merged as text",
  minified: "a minified file is made anew from its source, never merged as text",
  "source-map": "a source map is made anew with what it belongs to, never merged as text",
};

/** The rule of files that a program has written; undefined for people's. */
export function generatedRule(path: string, texts?: RuleTexts): Rule | undefined {
  const origin = originOf(path, texts);
  if (origin === undefined) return undefined;
  const kind = origin === "snapshot" ? "snapshot" : "generated";
  const script = texts?.around && ownScript(path, kind, texts.around);
  const isCompared = origin === "snapshot";
  if (script) {
    return { kind: "regenerate", why: WHY[origin], by: regenerationOf(path, script), isCompared };
  }
  const why = `${WHY[origin]}; the repository names no script for that`;
  return { kind: "never", why, isCompared };
}

function regenerationOf(path: string, { program, args, folder }: OwnScript): Regeneration {
  const command = [program, ...args];
  return {
    program,
    folder,
    command,
    offline: command,
    env: {},
    hosts: [],
    needs: [],
    reads: [],
    touches: [path],
    isOwnScript: true,
    start: ({ ours }) => ours,
    refusal: () => undefined,
  };
}
