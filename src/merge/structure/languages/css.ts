import { childOf, textOf } from "../identify.ts";
import type { Identify, Language } from "../language.ts";

const rule: Identify = (node, text) => {
  const selectors = childOf(node, "selectors");
  return selectors && { key: `rule ${textOf(selectors, text)}`, free: true };
};

const declaration: Identify = (node, text) => {
  const name = childOf(node, "property_name");
  return name && { key: `property ${textOf(name, text)}`, free: false };
};

/** What stands before the block, such as a media query. */
function byPrelude(kind: string): Identify {
  return (node, text) => {
    const [prelude = ""] = textOf(node, text).split("{");
    return { key: `${kind} ${prelude.trim()}`, free: false };
  };
}

/** CSS. Which of two rules stands first matters only where they meet; rules for other selectors do not. */
export const css: Language = {
  comments: ["comment", "js_comment"],
  leading: [],
  bodies: {
    stylesheet: {},
    block: { separator: ";", bare: "}" },
  },
  members: {
    rule_set: rule,
    declaration,
    media_statement: byPrelude("at"),
    supports_statement: byPrelude("at"),
    keyframes_statement: byPrelude("at"),
    at_rule: byPrelude("at"),
    import_statement: byPrelude("import"),
  },
};
