import { type Definition, definitionsOf, importsOf, type Stretch } from "../core/definitions.ts";
import type { Syntax, SyntaxTree } from "../core/syntax.ts";

interface Change {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  /** The names of the parts that may be changed. */
  readonly names: readonly string[];
}

/**
 * What is wrong with a change to a file of which only some parts are one's own: it must lie inside them, or add
 * definitions or imports. Undefined where nothing is.
 */
export function symbolProblem(change: Change, syntax: Syntax | undefined): string | undefined {
  const { path, names } = change;
  const only = `Of ${path} your work item may change only ${names.join(", ")}, and add what is new.`;
  const [before, after] = [change.before, change.after].map((text) => partsOf(path, text, syntax));
  if (!before || !after) {
    return `${only} There is no parser that could tell its parts, so it cannot be changed at all.`;
  }
  if (before.tree.hasErrors) {
    return `${only} The file cannot be parsed as it is, so nobody can tell whose part is changed.`;
  }
  if (after.tree.hasErrors) {
    return `${only} After this edit it could not be parsed. Make the whole change in one call, with \`edits\`.`;
  }
  const imported = new Set(after.imported);
  const lost = before.imported.find((word) => !imported.has(word));
  if (lost !== undefined) return `${only} This edit takes away an import: ${lost}.`;
  const known = new Set(before.definitions.map(({ name }) => name));
  const isOwn = ({ name }: Definition) => names.some((own) => isNamed(name, own));
  const left = remainder(before, before.definitions.filter(isOwn));
  const right = remainder(
    after,
    after.definitions.filter((one) => isOwn(one) || !known.has(one.name)),
  );
  return left === right ? undefined : `${only} This edit changes something else in it.`;
}

interface Parts {
  readonly text: string;
  readonly tree: SyntaxTree;
  readonly definitions: readonly Definition[];
  readonly imports: readonly Stretch[];
  /** The words in its imports. */
  readonly imported: readonly string[];
}

function partsOf(path: string, text: string, syntax: Syntax | undefined): Parts | undefined {
  const tree = syntax?.parse(path, text);
  const definitions = tree && definitionsOf(tree, text);
  if (!definitions) return undefined;
  const imports = importsOf(tree);
  const imported = imports.flatMap(
    ({ start, end }) => text.slice(start, end).match(/[\w$]+/g) ?? [],
  );
  return { text, tree, definitions, imports, imported };
}

/** What is left of a text without some of its definitions, without its imports, and without what only parts them. */
function remainder({ text, imports }: Parts, without: readonly Definition[]): string {
  const gone = [...without, ...imports].toSorted((a, b) => a.start - b.start);
  const kept: string[] = [];
  let at = 0;
  for (const { start, end } of gone) {
    kept.push(text.slice(at, Math.max(at, start)));
    at = Math.max(at, end);
  }
  return [...kept, text.slice(at)]
    .join(" ")
    .replaceAll(/[\s,;]+/g, " ")
    .trim();
}

/** Whether a name, such as `Server.serve`, is meant by `Server.serve`, `Server#serve`, `serve` or `serve()`. */
export function isNamed(name: string, meant: string): boolean {
  const plain = plainName(meant);
  // `#hidden` is a name of its own in some languages, and how others write a method.
  return [plain, plain.replace(/^#/, "")].some((one) => name === one || name.endsWith(`.${one}`));
}

/** A name as definitions have it, whichever way it is written. */
export function plainName(meant: string): string {
  return (
    meant
      .trim()
      .replace(/\(\)$/, "")
      // After a dot the mark is part of the name: `Host.#hidden`.
      .replaceAll(/::|(?<=[^.])#(?=\w)/g, ".")
      .replace(/^(?:\.|#(?!\w))+/, "")
      .trim()
  );
}
