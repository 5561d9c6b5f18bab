import { mergeChangelog } from "./changelog/merge-changelog.ts";
import { generatedRule } from "./generated/generated-rule.ts";
import { lockfileRule } from "./locks/lockfiles.ts";
import { mergeGoSum } from "./locks/merge-go-sum.ts";
import { mergeNotebook } from "./notebook/merge-notebook.ts";
import { opaqueRule } from "./opaque-rule.ts";
import { nameOf } from "./path-parts.ts";
import type { Rule, RuleTexts } from "./rule.ts";
import { mergeVersion } from "./version/merge-version.ts";
import { haveBothMovedParts, mergeVersionParts } from "./version/version-parts.ts";
import { versionFile } from "./version/version-place.ts";

const CHANGELOG =
  /^(?:changelog|changes|history|news|releases?|release[-_]notes)(?:[-_.]?\d+(?:[._]\d+)*)?(?:\.(?:md|markdown|rst|txt))?$/i;
const FRAGMENT = /(?:^|\/)(?:changelog_unreleased|changelog\.d|newsfragments|changes\.d)\//;

/**
 * How a file is merged that is no plain text, by its path and, where they are given, its texts and the files
 * around it. Undefined for everything else.
 */
export function ruleOf(path: string, texts?: RuleTexts): Rule | undefined {
  const opaque = texts && opaqueRule(texts);
  if (opaque) return opaque;
  const lock = lockfileRule(path, texts);
  if (lock) return lock;
  const name = nameOf(path);
  if (name === "go.sum" || name === "go.work.sum") return { kind: "merge", merge: mergeGoSum };
  if (name.endsWith(".ipynb")) return { kind: "merge", merge: mergeNotebook };
  const generated = generatedRule(path, texts);
  if (generated) return generated;
  if (isChangelog(path, name)) return { kind: "merge", merge: mergeChangelog };
  return versionRule(path, texts);
}

function isChangelog(path: string, name: string): boolean {
  return CHANGELOG.test(name) || (FRAGMENT.test(path) && /\.(?:md|rst|txt)$/.test(name));
}

/** Only where both sides changed the version: everything else in these files is merged as what it is. */
function versionRule(path: string, texts: RuleTexts | undefined): Rule | undefined {
  if (texts && haveBothMovedParts(path, texts)) return { kind: "merge", merge: mergeVersionParts };
  const file = versionFile(path);
  if (!file || !texts) return undefined;
  const [base, ours, theirs] = [texts.base, texts.ours, texts.theirs].map(file.find);
  if (!base || !ours || !theirs || ours.value === theirs.value) return undefined;
  if (ours.value === base.value || theirs.value === base.value) return undefined;
  return {
    kind: "merge",
    merge: (sides, mergeText) => mergeVersion(file, sides, mergeText),
  };
}
