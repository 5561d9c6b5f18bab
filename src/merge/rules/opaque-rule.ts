import type { Sides } from "../../core/merge.ts";
import type { Rule } from "./rule.ts";

/** How texts begin whose lines mean nothing one by one. */
const OPAQUE: readonly (readonly [RegExp, string])[] = [
  [
    /^version https:\/\/(?:git-lfs|hawser)\.github\.com\/spec\/v1\r?\n/,
    "the file is kept in LFS, and only a pointer to it is here",
  ],
  [
    /^(?:\$ANSIBLE_VAULT;|-----BEGIN (?:AGE ENCRYPTED FILE|PGP MESSAGE)-----)/,
    "the file is encrypted as a whole",
  ],
];

/** The rule of texts that stand for something else as a whole; undefined for all others. */
export function opaqueRule(texts: Pick<Sides, "base" | "ours" | "theirs">): Rule | undefined {
  const sides = [texts.base, texts.ours, texts.theirs];
  const why = OPAQUE.find(([start]) => sides.some((side) => start.test(side)))?.[1];
  return why === undefined ? undefined : { kind: "never", why };
}
