import { nameOf } from "../path-parts.ts";
import type { RuleTexts } from "../rule.ts";
import { isMarkedGenerated } from "./git-attributes.ts";

/** Why a file is nobody's to write by hand. */
export type Origin = "snapshot" | "generated" | "minified" | "source-map";

const NAMES: readonly (readonly [RegExp, Origin])[] = [
  [/\.snap(?:\.[a-z]{1,5})?$|\.ambr$/, "snapshot"],
  [/\.min\.(?:js|mjs|cjs|css)$/, "minified"],
  [/\.(?:js|mjs|cjs|css)\.map$/, "source-map"],
  [
    /(?:_pb2(?:_grpc)?\.pyi?|\.pb(?:\.gw)?\.go|\.pb\.(?:cc|h)|_pb\.(?:js|ts|d\.ts)|\.g\.dart)$/,
    "generated",
  ],
];
/** A comment that says so, as tools write it: anywhere else it is somebody's text about such files. */
const COMMENT = /^\s*(?:\/\/|\/\*+|\*|#|--|;|<!--|%|"""|''')\s*(.*)$/;
const MADE =
  /@generated\b|<auto-?generated\b|\bauto(?:matically)?[- ]?generated (?:by|from)\b|\bfile (?:is|was) auto(?:matically)?[- ]?generated\b/i;
const GENERATED = /\b(?:auto-?)?generated\b/i;
const UNTOUCHED =
  /\bdo not (?:directly |manually )?(?:edit|modify|change)\b|\bshould not be (?:edited|modified|changed)\b/i;
const BY_TOOL =
  /\bgenerated (?:automatically )?by (?:GNU Autoconf|automake|the protocol buffer compiler)\b/i;
/** Files whose comments are about other files. */
const OF_OTHERS = /ignore$|^\.git(?:attributes|modules)$|^CODEOWNERS$/;
const NEAR = 3;
const HEADER_LINES = 12;
const LONGEST_LINE = 300;
const MINIFIED_LINE = 5_000;

/** What made a file, by its name, the repository's own attributes, or what its first lines say; undefined for people. */
export function originOf(path: string, texts: RuleTexts | undefined): Origin | undefined {
  const said = texts?.around && isMarkedGenerated(path, texts.around);
  // Who says that a file is written by hand is believed.
  if (said === false) return undefined;
  const named = NAMES.find(([pattern]) => pattern.test(nameOf(path)))?.[1];
  if (named) return named;
  if (/(?:^|\/)__snapshots__\//.test(path)) return "snapshot";
  if (said) return "generated";
  if (!texts || OF_OTHERS.test(nameOf(path))) return undefined;
  const sides = [texts.ours, texts.theirs];
  if (sides.every(hasHeader)) return "generated";
  return /\.(?:js|mjs|cjs|css)$/.test(path) && sides.every(isMinified) ? "minified" : undefined;
}

function hasHeader(text: string): boolean {
  const lines = text.slice(0, HEADER_LINES * LONGEST_LINE).split("\n", HEADER_LINES);
  const comments = lines.map((line) => COMMENT.exec(line.slice(0, LONGEST_LINE))?.[1] ?? "");
  return comments.some((comment, at) => {
    if (MADE.test(comment) || BY_TOOL.test(comment)) return true;
    // Who says that it is generated says in the same breath that nobody is to edit it.
    const near = comments.slice(Math.max(0, at - NEAR), at + NEAR + 1).join(" ");
    return GENERATED.test(comment) && UNTOUCHED.test(near);
  });
}

function isMinified(text: string): boolean {
  const lines = text.split("\n", 50);
  return lines.length < 50 && lines.some((line) => line.length > MINIFIED_LINE);
}
