import { z } from "zod";
import { blob, git, listTree, readCommit } from "../github/git.ts";
import { type Rest, wanted } from "./rest.ts";

const Named = z.object({ sha: z.string() });

interface Branch {
  /** The bare repository that has it. */
  readonly folder: string;
  readonly name: string;
  /** Where it was before, where it was anywhere. */
  readonly before: string | undefined;
  readonly head: string;
}

/**
 * Tells a GitHub without git of a branch that git moved: blobs, trees and commits through its REST
 * interface, then the ref. Throws where an object gets another name there than git gives it.
 */
export async function carryBranch(rest: Rest, repo: string, branch: Branch): Promise<void> {
  const { folder, name, before, head } = branch;
  const known = before === undefined ? [] : [`^${before}`];
  const { stdout } = await git(folder, ["rev-list", "--reverse", "--topo-order", head, ...known]);
  const commits = stdout.toString().split("\n").filter(Boolean);
  const told = new Set<string>();
  for (const commit of commits) await carryCommit(rest, repo, { folder, commit, told });
  const refs = `/repos/${repo}/git/refs`;
  await wanted(
    before === undefined
      ? rest("POST", refs, { ref: `refs/heads/${name}`, sha: head })
      : rest("PATCH", `${refs}/heads/${name}`, { sha: head }),
  );
}

async function carryCommit(
  rest: Rest,
  repo: string,
  { folder, commit, told }: { folder: string; commit: string; told: Set<string> },
): Promise<void> {
  const objects = `/repos/${repo}/git`;
  const make = async (kind: string, body: object, name: string) => {
    const { sha } = Named.parse(await wanted(rest("POST", `${objects}/${kind}`, body)));
    if (sha !== name) throw new Error(`The emulator calls ${name} of ${kind} ${sha}.`);
  };
  const { tree, parents, author, committer, message } = await readCommit(folder, commit);
  const entries = (await listTree(folder, tree, true)).filter(({ type }) => type === "blob");
  for (const { sha } of entries.filter((entry) => !told.has(entry.sha))) {
    const content = (await blob(folder, sha)).toString("base64");
    await make("blobs", { content, encoding: "base64" }, sha);
    told.add(sha);
  }
  const files = entries.map(({ path, mode, type, sha }) => ({ path, mode, type, sha }));
  await make("trees", { tree: files }, tree);
  await make("commits", { message, tree, parents, author, committer }, commit);
}
