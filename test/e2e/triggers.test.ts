import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { until } from "../world/until.ts";
import { answering, answersRepository } from "./answers.ts";
import { PERSON, startWorld, type World } from "./world.ts";

describe("what starts a task, and what does not", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({ script: answering({ names: ["a"] }) });
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it("three comments on three issues at once become three pull requests", async () => {
    const repo = await world.repository("three", answersRepository(["a"]));

    const asked = await Promise.all([1, 2, 3].map(() => world.ask(repo, "say yes")));
    const comments = await Promise.all(asked.map(({ issue }) => world.ended(repo, issue)));

    for (const comment of comments) expect(comment).toContain("### Nexus: pull request");
    const pulls = await world.github.pulls(repo);
    expect(new Set(pulls.map(({ head }) => head)).size).toBe(3);
    expect(pulls).toHaveLength(3);
    expect(world.github.violations).toEqual([]);
    expect(world.model?.violations).toEqual([]);
  });

  it("the same delivery three times is one task", async () => {
    const repo = await world.repository("thrice", answersRepository(["a"]));

    const { issue, deliveryId } = await world.ask(repo, "say yes");
    const again = [world.github.redeliver(deliveryId), world.github.redeliver(deliveryId)];
    await Promise.all(again);
    await world.ended(repo, issue);
    await world.github.redeliver(deliveryId);
    await world.github.idle();

    const rows = await world.database.sql("select id from nexus.tasks where id = $1", [deliveryId]);
    expect(rows).toHaveLength(1);
    expect(await world.github.pulls(repo)).toHaveLength(1);
    expect(await world.said(repo, issue)).toHaveLength(1);
  });

  it("somebody without write access gets one answer and no task", async () => {
    const repo = await world.repository("stranger", answersRepository(["a"]));
    world.github.addCollaborator(repo, "reader", "read");

    const { issue, deliveryId } = await world.ask(repo, "say yes", "reader");
    await world.github.redeliver(deliveryId);
    const refused = await untilSaid(world, repo, issue);

    expect(refused.map(({ body }) => body)).toEqual([expect.stringContaining("write access")]);
    expect(
      await world.database.sql("select id from nexus.tasks where id = $1", [deliveryId]),
    ).toEqual([]);
    expect(await world.github.pulls(repo)).toEqual([]);
  });

  it.each([
    ["a code block", "```\n/nexus say yes\n```"],
    ["inline code", "`/nexus say yes`"],
    ["a quote", "> /nexus say yes"],
    ["a URL", "https://example.com/nexus say yes"],
    ["the middle of a line", "please /nexus say yes"],
    ["another word", "/nexusaurus say yes"],
  ])("a command in %s is ignored", async (_, body) => {
    const repo = await world.repository("ignored", answersRepository(["a"]));
    const issue = world.github.openIssue(repo, { title: "t", body: "", by: PERSON });

    const { deliveryId, status } = await world.github.comment(repo, issue, { by: PERSON, body });

    expect(status).toBe(200);
    expect(
      await world.database.sql("select id from nexus.inbox where id = $1", [deliveryId]),
    ).toEqual([]);
  });

  it("an edited comment is ignored", async () => {
    const repo = await world.repository("edited", answersRepository(["a"]));
    const issue = world.github.openIssue(repo, { title: "t", body: "", by: PERSON });
    const { commentId } = await world.github.comment(repo, issue, { by: PERSON, body: "hello" });
    const before = await world.database.sql("select id from nexus.inbox");

    await world.github.editComment(repo, commentId, { by: PERSON, body: "/nexus say yes" });
    await world.github.idle();

    expect(await world.database.sql("select id from nexus.inbox")).toEqual(before);
  });

  it("asking for help is answered once and starts nothing", async () => {
    const repo = await world.repository("help", answersRepository(["a"]));

    const { issue, deliveryId } = await world.ask(repo, "help");
    const answers = await untilSaid(world, repo, issue);

    expect(answers[0]?.body).toContain("### Nexus: help");
    expect(
      await world.database.sql("select id from nexus.tasks where id = $1", [deliveryId]),
    ).toEqual([]);
  });
});

async function untilSaid(world: World, repo: Parameters<World["said"]>[0], issue: number) {
  return until(
    async () => {
      const said = await world.said(repo, issue);
      return said.length > 0 && said;
    },
    { what: "an answer", timeoutMs: 30_000 },
  );
}
