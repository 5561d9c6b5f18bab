import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleRepository } from "../world/sample-repository.ts";
import { runByHand } from "./by-hand.ts";
import { PERSON, startWorld, type World } from "./world.ts";

describe("a comment on an issue becomes a verified pull request without a model", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it("repairs what a rule knows, and says only what was read back", async () => {
    const { github } = world;
    const repo = await world.repository("sums", await sampleRepository("sums"));
    const base = (await github.branches(repo)).get("main");

    const { issue, commentId } = await world.ask(repo, "fix the failing checks");
    const comment = await world.ended(repo, issue);

    const [pull, ...others] = await github.pulls(repo);
    expect(others).toEqual([]);
    expect(pull).toMatchObject({
      title: "Fix failing checks: format:check",
      base: "main",
      baseSha: base,
      draft: false,
      author: "nexus[bot]",
    });
    expect(pull?.head).toMatch(/^nexus\/1-fix-the-failing-checks-\w{4}$/);
    const head = pull?.headSha ?? "";
    expect(comment).toContain(`${github.url}/acme/sums/pull/${pull?.number}`);
    expect(comment).toContain(head.slice(0, 7));
    expect(comment).toContain("No model was called, no token spent.");
    expect(pull?.body).toContain(head);
    expect(await github.reactions(repo, commentId)).toEqual([
      { user: "nexus[bot]", content: "eyes" },
    ]);
    expect(await github.checkRuns(repo, head)).toMatchObject([
      {
        name: "Nexus shadow run",
        status: "completed",
        conclusion: "success",
        title: "2 of 2 checks passed",
      },
    ]);
    expect(github.violations).toEqual([]);

    const ran = await runByHand(github.gitFolder(repo), head, ["npm run format:check", "npm test"]);
    expect(ran).toEqual([0, 0]);
  });

  it("works on the branch of the pull request it is asked on", async () => {
    const { github } = world;
    const files = { ...(await sampleRepository("sums")), ...(await sampleRepository("sums-tidy")) };
    const repo = await world.repository("asked-on-a-pull", files);
    const untidy = { "src/sum.ts": `${files["src/sum.ts"]}export const   one = 1\n` };
    await github.commit(repo, { branch: "feature", files: untidy, message: "one", by: PERSON });
    const wish = { head: "feature", base: "main", title: "One", body: "", by: PERSON };
    const number = await github.openPullRequest(repo, wish);

    await github.comment(repo, number, { by: PERSON, body: "/nexus fix the formatting" });
    const comment = await world.ended(repo, number);

    expect(comment).toContain("### Nexus: pull request");
    const pull = (await github.pulls(repo)).find(({ author }) => author !== PERSON);
    expect(pull).toMatchObject({ base: "feature", state: "open" });
    expect((await github.branches(repo)).get("feature")).toBe(pull?.baseSha);
  });

  it("says so when the checks are green already", async () => {
    const files = { ...(await sampleRepository("sums")), ...(await sampleRepository("sums-tidy")) };
    const repo = await world.repository("tidy", files);

    const { issue } = await world.ask(repo, "fix the failing checks");
    const comment = await world.ended(repo, issue);

    expect(comment).toContain("### Nexus: nothing to do");
    expect(await world.github.pulls(repo)).toEqual([]);
    expect([...(await world.github.branches(repo)).keys()]).toEqual(["main"]);
  });

  it("says that a model is needed where no rule helps and none is configured", async () => {
    const files = await sampleRepository("sums");
    const broken = { ...files, "src/sum.ts": "export const sum = () => 1;\n" };
    const repo = await world.repository("broken", broken);

    const { issue } = await world.ask(repo, "fix the tests");
    const comment = await world.ended(repo, issue);

    expect(comment).toContain("### Nexus: a model is required");
    expect(comment).toContain("First failing: `test`");
    expect(await world.github.pulls(repo)).toEqual([]);
    expect([...(await world.github.branches(repo)).keys()]).toEqual(["main"]);
  });

  it("names every problem of a policy file, and guesses no check", async () => {
    const policy = "checks:\n  - name: test\n    comand: npm test\nruntime: evil\n";
    const repo = await world.repository("policy", { ".github/nexus.yml": policy });

    const { issue } = await world.ask(repo, "fix the checks");
    const comment = await world.ended(repo, issue);

    expect(comment).toContain("### Nexus: no checks");
    expect(comment).toContain("comand");
    expect(comment).toContain("runtime");
  });
});
