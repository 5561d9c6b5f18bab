import type { SyntaxNode } from "../../../core/syntax.ts";
import { childOf, textOf } from "../identify.ts";
import type { Identify, Language } from "../language.ts";

const KNOWN_BY = /^(?:id|name|src|href|for|rel)\b/;

function attributes(tag: SyntaxNode, text: string): string {
  return tag.children
    .filter((child) => child.type === "attribute")
    .map((child) => textOf(child, text))
    .filter((attribute) => KNOWN_BY.test(attribute))
    .join(" ");
}

const element: Identify = (node, text) => {
  const tag = childOf(node, "start_tag", "self_closing_tag");
  const name = tag && childOf(tag, "tag_name");
  if (!tag || !name) return undefined;
  const known = attributes(tag, text);
  const alone = /^(?:html|head|body|title|main)$/i.test(textOf(name, text));
  if (known === "" && !alone) return undefined;
  return { key: `${textOf(name, text)} ${known}`, free: false };
};

/** HTML: elements stand in order; some are known by an attribute. */
export const html: Language = {
  comments: ["comment"],
  leading: [],
  bodies: {
    document: {},
    element: { only: ["element", "script_element", "style_element", "text", "entity"] },
  },
  members: { element, script_element: element, style_element: element },
};
