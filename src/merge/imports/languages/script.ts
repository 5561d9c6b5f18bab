import type { SyntaxNode } from "../../../core/syntax.ts";
import { childOf, fieldOf, holds, textOf } from "../../structure/identify.ts";
import type { ImportedName, ReadImport } from "../import.ts";
import { caselessly, type ImportLanguage, plainly, type Translation } from "../import-language.ts";

/** A statement's list as a node and its names; undefined where something in it is no plain name. */
function namesIn(list: SyntaxNode, text: string): readonly ImportedName[] | undefined {
  const members = list.children.filter(({ isNamed }) => isNamed);
  const names = members.map((member) => nameOf(member, text));
  return names.every((name) => name !== undefined) ? names : undefined;
}

const NAME = /^((?:type|typeof)\s+)?([\w$]+)(?:\s*(?:\bas\b|:)\s*([\w$]+))?$/;

function nameOf(node: SyntaxNode, text: string): ImportedName | undefined {
  const [, type = "", name, alias] = NAME.exec(textOf(node, text)) ?? [];
  if (name === undefined) return undefined;
  const kind = type === "" ? "" : `${type.trim()} `;
  return {
    text: alias === undefined ? kind + name : `${kind}${name} as ${alias}`,
    binds: [alias ?? name],
  };
}

/** `import … from "x"`; one for its side effects alone stays where it is. */
function readImport(node: SyntaxNode, text: string): ReadImport | undefined {
  const source = fieldOf(node, "source");
  const clause = childOf(node, "import_clause");
  if (!source || !clause) return undefined;
  const list = childOf(clause, "named_imports");
  const names = list ? namesIn(list, text) : [];
  if (!names) return undefined;
  const fixed = clause.children.flatMap((child) => {
    if (child.type === "identifier") return [textOf(child, text)];
    if (child.type !== "namespace_import") return [];
    return textOf(child, text).replace(/^\*\s*as\s*/, "");
  });
  return { source, list, names, binds: fixed, from: unquoted(source, text) };
}

/** `const … = require("x")` with nothing else in it. */
function readRequire(node: SyntaxNode, text: string): ReadImport | undefined {
  const declarators = node.children.filter(({ type }) => type === "variable_declarator");
  const [declarator, more] = declarators;
  const target = declarator && fieldOf(declarator, "name");
  const value = declarator && fieldOf(declarator, "value");
  const source = value && requiredBy(value, text);
  if (!target || !source || more) return undefined;
  const from = unquoted(source, text);
  if (target.type === "identifier")
    return { source, list: undefined, names: [], binds: [textOf(target, text)], from };
  const names = target.type === "object_pattern" ? namesIn(target, text) : undefined;
  return names && { source, list: target, names, binds: [], from };
}

/** The string of `require("x")`, also with properties after it. */
function requiredBy(value: SyntaxNode, text: string): SyntaxNode | undefined {
  if (value.type === "member_expression") {
    const object = fieldOf(value, "object");
    return object && requiredBy(object, text);
  }
  const called = fieldOf(value, "function");
  if (value.type !== "call_expression" || !called || textOf(called, text) !== "require")
    return undefined;
  const given = fieldOf(value, "arguments")?.children.filter(({ isNamed }) => isNamed) ?? [];
  return given.length === 1 && given[0]?.type === "string" ? given[0] : undefined;
}

/** `export { … } from "x"` binds nothing in the file; what it exports must still be told apart. */
function readExport(node: SyntaxNode, text: string): ReadImport | undefined {
  const source = fieldOf(node, "source");
  const list = childOf(node, "export_clause");
  const names = list && namesIn(list, text);
  if (!source || !names) return undefined;
  const exported = names.map((name) => ({
    ...name,
    binds: name.binds.map((bound) => `export ${bound}`),
  }));
  return { source, list, names: exported, binds: [], from: unquoted(source, text) };
}

function unquoted(node: SyntaxNode, text: string): string {
  return text.slice(node.start + 1, node.end - 1);
}

const REQUIRES = /^(?:const|let|var) (\{\}|[\w$]+) = require\(§\);?$/;

/** `const … = require("x")` as `import … from "x"`. */
const asImport: Translation = {
  kindOf: (text) => (/^(?:import|export)\b/.test(text) ? "import" : "require"),
  shapeOf({ form }) {
    const [, target] = REQUIRES.exec(form) ?? [];
    if (target === undefined) return undefined;
    return target === "{}" ? "names" : "whole";
  },
  write: ({ text }) =>
    text.replace(
      /^(?:const|let|var)\s+([\s\S]*?)\s*=\s*require\(\s*([\s\S]*?)\s*\)/,
      (_, target: string, source: string) =>
        `import ${target.replaceAll(/\s*:\s*/g, " as ")} from ${source}`,
    ),
};

/** TypeScript and JavaScript, both kinds of modules. */
export const script: ImportLanguage = {
  read(node, text) {
    if (holds(node, "comment")) return undefined;
    if (node.type === "import_statement") return readImport(node, text);
    if (node.type === "export_statement") return readExport(node, text);
    const declares = ["lexical_declaration", "variable_declaration"].includes(node.type);
    return declares ? readRequire(node, text) : undefined;
  },
  translation: asImport,
  list: {
    write(names, statement) {
      const sign = /\brequire\s*\(/.test(statement) ? ": " : " as ";
      return names.map(({ text }) => text.replace(" as ", sign));
    },
    brackets: () => ["{ ", " }"],
    wide: ["{", "}"],
    indent: "  ",
    width: 80,
    fills: false,
    orders: [plainly, caselessly],
  },
};
