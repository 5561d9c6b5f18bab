import { afterAll, beforeAll, expect, it } from "vitest";
import { git, readCommit } from "../world/github/git.ts";
import { TORN_APART } from "../world/npm-project.ts";
import { PERSON, startWorld, type World } from "./world.ts";

/** Installs from the lockfile as it is, or fails; the libraries lie in the repository, so no registry is asked. */
const INSTALL = "npm ci --offline --ignore-scripts --no-audit --no-fund --cache=/tmp/npm";
const POLICY = {
  ".github/nexus.yml": `setup: []\nchecks:\n  - name: install\n    command: ${INSTALL}\n`,
  ".gitignore": "node_modules\n",
};

let world: World;
beforeAll(async () => {
  world = await startWorld();
});
afterAll(() => world?.[Symbol.asyncDispose]());

it("a lockfile whose lines git joins to one that nothing can be installed from is made anew by npm", async () => {
  const { github } = world;
  const repo = await world.repository("shop", { ...POLICY, ...TORN_APART.base });
  const branch = "maria/pear";
  const put = (to: string, files: Readonly<Record<string, string>>) =>
    github.commit(repo, { branch: to, files, message: `feat: ${to}`, by: PERSON });
  await put(branch, TORN_APART.theirs);
  const wish = { head: branch, base: "main", title: "Add pear", body: "", by: PERSON };
  const number = await github.openPullRequest(repo, wish);
  const base = await put("main", TORN_APART.ours);
  const head = (await github.branches(repo)).get(branch) ?? "";

  await github.comment(repo, number, { by: PERSON, body: "/nexus resolve" });
  const comment = await world.ended(repo, number);

  expect(comment).toContain("merges again");
  expect(comment).toContain("made anew by npm");
  const merged = (await github.branches(repo)).get(branch) ?? "";
  const folder = github.gitFolder(repo);
  expect((await readCommit(folder, merged)).parents).toEqual([head, base]);
  const shown = async (path: string) =>
    (await git(folder, ["show", `${merged}:${path}`])).stdout.toString();
  expect(await shown("package.json")).toBe(TORN_APART.merged["package.json"]);
  expect(await shown("package-lock.json")).toBe(TORN_APART.merged["package-lock.json"]);
  expect(await github.checkRuns(repo, merged)).toMatchObject([
    { name: "Nexus shadow run", conclusion: "success" },
  ]);
  expect(github.violations).toEqual([]);
});
