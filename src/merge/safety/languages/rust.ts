import type { SyntaxNode } from "../../../core/syntax.ts";
import { type Declares, fieldOf, named, type Read, type Shape, squash } from "../shape.ts";

function implNames(node: SyntaxNode, read: Read): readonly string[] {
  const trait = fieldOf(node, "trait");
  const type = fieldOf(node, "type");
  const whose = type ? squash(read(type)) : "";
  return [trait ? `impl ${squash(read(trait))} for ${whose}` : `impl ${whose}`];
}

/** Every single name that a `use` brings in, with its whole path. */
function used(node: SyntaxNode, read: Read, prefix = ""): readonly string[] {
  if (node.type === "scoped_use_list") {
    const path = fieldOf(node, "path");
    const list = fieldOf(node, "list");
    const next = `${prefix}${path ? `${squash(read(path))}::` : ""}`;
    return list ? used(list, read, next) : [];
  }
  if (node.type === "use_list") {
    return node.children.filter(isItem).flatMap((part) => used(part, read, prefix));
  }
  return [prefix + read(node).trim().replace(/\s+/g, " ")];
}

function isItem(node: SyntaxNode): boolean {
  return node.isNamed && !node.type.endsWith("comment");
}

function useNames(node: SyntaxNode, read: Read): readonly string[] {
  const argument = fieldOf(node, "argument");
  return argument ? used(argument, read) : [];
}

const by = (what: string, more: Partial<Declares> = {}): Declares => ({
  what,
  names: named(),
  ...more,
});

/** Rust, where a test is a function with a mark. */
export const rust: Shape = {
  declares: {
    function_item: by("function", { isCode: true }),
    function_signature_item: by("function"),
    struct_item: by("struct"),
    enum_item: by("enum"),
    union_item: by("union"),
    trait_item: by("trait"),
    type_item: by("type"),
    associated_type: by("type"),
    const_item: by("constant"),
    static_item: by("static"),
    mod_item: by("module"),
    macro_definition: by("macro"),
    enum_variant: by("variant"),
    field_declaration: by("field"),
    field_initializer: by("field", { names: named("field") }),
    impl_item: by("implementation", { names: implNames }),
    use_declaration: by("import", { names: useNames, space: "import" }),
  },
  blocks: new Set(["block", "field_initializer_list", "match_arm"]),
};
