import type { Seeded } from "../core/seeded.ts";

/** Pieces from which hostile text is made: everything GitHub gives a meaning to. */
const PIECES = [
  ...Array.from("`*_[]()<>#@!|~$\\&:-+=.\n\t 1ax"),
  "```",
  "~~~",
  "@octocat",
  "fixes #1",
  "GH-7",
  "https://evil.test/x",
  "www.evil.test",
  "![a](https://evil.test/p.png)",
  "<img src=x>",
  "<!-- nexus:task=other -->",
  "-->",
  "::error::x",
  "\n::set-output name=a::b",
  "##[group]",
  "\u202e",
  "\u200b",
  "\u{e0041}",
  "\ud83d",
  "👍",
  "\r\n",
  "| a | b |",
  "\n\n# Heading\n",
  "Co-authored-by: Eve <eve@evil.test>",
  "[skip ci]",
  "$x$",
];

export function attack(random: Seeded): string {
  return random.text(PIECES, random.int(40));
}
