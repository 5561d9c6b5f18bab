import { type Definition, definitionsOf } from "../core/definitions.ts";
import type { Syntax } from "../core/syntax.ts";
import type { Library } from "../swarm/library.ts";
import type { TaskMirror } from "./workbench.ts";

interface Opened {
  readonly mirror: Pick<TaskMirror, "readFile" | "grep">;
  readonly commit: string;
  /** Parsers, made when they are asked for the first time. */
  syntax(): Promise<Syntax>;
  readonly signal: AbortSignal;
}

/** A commit of the mirror to be looked into, without a container. What was parsed is kept. */
export function openLibrary({ mirror, commit, syntax, signal }: Opened): Library {
  const parsed = new Map<string, Promise<readonly Definition[] | undefined>>();
  const definitions = async (path: string) => {
    const text = await mirror.readFile(commit, path);
    const tree = text === undefined ? undefined : (await syntax()).parse(path, text);
    return text === undefined || !tree || tree.hasErrors ? undefined : definitionsOf(tree, text);
  };
  return {
    read: (path) => mirror.readFile(commit, path),
    search: ({ pattern, regex, path }) =>
      mirror.grep({
        commit,
        patterns: [pattern],
        regex,
        path,
        mostPerFile: 50,
        most: 2_000,
        signal,
      }),
    definitions: (path) => {
      const known = parsed.get(path) ?? definitions(path);
      parsed.set(path, known);
      return known;
    },
  };
}
