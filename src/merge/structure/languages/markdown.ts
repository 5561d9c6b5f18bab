import { fieldOf, textOf } from "../identify.ts";
import type { Identify, Language } from "../language.ts";

const section: Identify = (node, text) => {
  const heading = fieldOf(node, "heading");
  return heading && { key: `section ${textOf(heading, text)}`, free: false };
};

const BLOCKS = [
  "section",
  "paragraph",
  "list",
  "code",
  "blockquote",
  "html",
  "thematicBreak",
  "definition",
  "table",
];

/** Markdown: sections are known by their headings; what stands where is the author's order. */
export const markdown: Language = {
  comments: [],
  leading: [],
  bodies: {
    document: { only: BLOCKS },
    section: { only: BLOCKS },
    list: { only: ["listItem"] },
  },
  members: { section },
};
