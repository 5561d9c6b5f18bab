import { childOf, fieldOf, importOf, named, only, textOf, wrapping } from "../identify.ts";
import type { Identify, Language } from "../language.ts";

const importFrom: Identify = (node, text) => {
  const module = fieldOf(node, "module_name");
  // Of two that bring the same name, the later one counts.
  if (childOf(node, "wildcard_import"))
    return { key: textOf(node, text), free: false, first: true };
  return module && importOf(`from ${textOf(module, text)}`);
};

const importPlain: Identify = (node, text) => ({
  key: textOf(node, text),
  free: true,
  first: true,
});

const statement: Identify = (node, text) => {
  const inner = node.children[0];
  if (inner?.type === "string") return only("documentation")(node, text);
  const left = inner?.type === "assignment" ? fieldOf(inner, "left") : undefined;
  return left && { key: `value ${textOf(left, text)}`, free: false };
};

const members: Readonly<Record<string, Identify>> = {
  import_from_statement: importFrom,
  future_import_statement: () => ({ key: "future", free: false, first: true }),
  import_statement: importPlain,
  function_definition: named("definition"),
  class_definition: named("definition"),
  decorated_definition: (node, text) => decorated(node, text),
  expression_statement: statement,
  pair: named("key", { by: "key" }),
  keyword_argument: named("argument"),
};

/** Accessors of one property share its name and differ in their decorators. */
const decorated: Identify = (node, text) => {
  const identity = wrapping(() => members)(node, text);
  const decorator = childOf(node, "decorator");
  return identity && decorator && { ...identity, detail: textOf(decorator, text) };
};

/** Python. */
export const python: Language = {
  runs: true,
  comments: ["comment"],
  leading: [],
  bodies: {
    module: {},
    block: { gathers: true },
    import_from_statement: { separator: ",", field: "name", set: true },
    dictionary: { separator: "," },
    argument_list: { separator: ",", positional: true },
    list: { separator: ",", sortable: true },
  },
  members,
};
