import type { SyntaxNode } from "../../../core/syntax.ts";
import { childOf, type Read, type Shape, squash, unquoted } from "../shape.ts";

function before(type: string): (node: SyntaxNode, read: Read) => readonly string[] {
  return (node, read) => {
    const block = childOf(node, type);
    return [
      read(node)
        .slice(0, block ? block.start - node.start : undefined)
        .trim()
        .replace(/\s+/g, " "),
    ];
  };
}

const head = before("block");

/** CSS: rules by their selectors, with what they declare. */
export const css: Shape = {
  declares: {
    rule_set: { what: "rule", names: head },
    declaration: {
      what: "property",
      names: (node, read) => {
        const name = childOf(node, "property_name");
        return name ? [read(name)] : [];
      },
    },
    media_statement: { what: "media query", names: head },
    supports_statement: { what: "condition", names: head },
    at_rule: { what: "rule", names: head },
    keyframes_statement: { what: "animation", names: before("keyframe_block_list") },
    keyframe_block: { what: "step", names: head },
    import_statement: {
      what: "import",
      names: (node, read) => [squash(read(node))],
      space: "import",
    },
  },
  blocks: new Set(["block", "keyframe_block_list"]),
};

function attribute(tag: SyntaxNode, name: string, read: Read): string | undefined {
  for (const one of tag.children.filter(({ type }) => type === "attribute")) {
    const [key, value] = one.children.filter(({ isNamed }) => isNamed);
    if (key && value && read(key).toLowerCase() === name) return unquoted(read(value));
  }
  return undefined;
}

function identified(node: SyntaxNode, read: Read): readonly string[] {
  const tag = childOf(node, "start_tag", "self_closing_tag");
  const id = tag && attribute(tag, "id", read);
  return id === undefined ? [] : [`#${id}`];
}

/** HTML: elements with an id. */
export const html: Shape = {
  declares: {
    element: { what: "element", names: identified },
    script_element: { what: "element", names: identified },
    style_element: { what: "element", names: identified },
  },
  blocks: new Set(),
};

/** Markdown: sections by their headings. */
export const markdown: Shape = {
  declares: {
    section: {
      what: "section",
      names: (node, read) =>
        node.children
          .filter(({ field }) => field === "heading")
          .map((one) => read(one).replace(/^#+\s*|\s*#*\s*$|\s*\n\s*(?:=+|-+)\s*$/g, "")),
    },
  },
  blocks: new Set(),
};
