import { definitionsOf } from "../../src/core/definitions.ts";
import type { Library } from "../../src/swarm/library.ts";
import { createSyntax } from "../../src/syntax/create-syntax.ts";

/** A library of files in memory, with the real parsers. */
export function libraryOf(files: Readonly<Record<string, string>>): Library {
  const textOf = (path: string) => (Object.hasOwn(files, path) ? files[path] : undefined);
  return {
    read: async (path) => textOf(path),
    async search({ pattern, regex, path }) {
      if (regex && pattern.endsWith("(")) return { kind: "refused", why: "it is no expression" };
      const matches = (text: string) =>
        regex ? new RegExp(pattern).test(text) : text.includes(pattern);
      const hits = Object.entries(files)
        .filter(([file]) => path === "" || file === path || file.startsWith(`${path}/`))
        .flatMap(([file, text]) =>
          text.split("\n").map((line, index) => ({ path: file, line: index + 1, text: line })),
        )
        .filter(({ text }) => matches(text));
      return { kind: "found", hits, isCut: false };
    },
    async definitions(path) {
      const text = textOf(path);
      const tree = text === undefined ? undefined : (await createSyntax()).parse(path, text);
      return text === undefined || !tree || tree.hasErrors ? undefined : definitionsOf(tree, text);
    },
  };
}
