import { describe, expect, it } from "vitest";
import type { Script } from "../world/model/script.ts";
import {
  brokenJson,
  liar,
  neverFinishes,
  rateLimitedThen500ThenHangs,
} from "../world/model/scripts.ts";
import { answering, answersRepository } from "./answers.ts";
import { startWorld } from "./world.ts";

const NAMES = ["a"];
const honestPlan = answering({ names: NAMES });

/** An architect that plans well, workers that misbehave. */
function workersWho(misbehave: Script): Script {
  return (call) => (call.agent.tools.includes("submit_plan") ? honestPlan : misbehave)(call);
}

/** Claims in its last words what it never did. */
const claimsAFile: Script = () => {
  const summary = "Wrote a.txt with yes in it; sh check.sh passes.";
  return { text: summary, calls: [{ name: "finish", input: { summary } }] };
};

/** Writes something else than what is wanted, and swears that it is right. */
const red = answering({ names: NAMES, first: "perhaps" });
const redAndProud: Script = (call) => {
  const { agent, body } = call;
  if (agent.tools.includes("submit_plan")) return honestPlan(call);
  const asked = body.messages.filter(({ role }) => role === "tool").length;
  if (agent.workItem?.startsWith("correction") && asked === 0) {
    return {
      calls: [{ name: "edit", input: { path: "a.txt", old: "perhaps\n", new: "PERHAPS\n" } }],
    };
  }
  if (asked > 0) return { calls: [{ name: "finish", input: { summary: "All tests pass. ✅" } }] };
  return red(call);
};

const FALSE_STATEMENT = /all tests pass|every test passes|✅ passed|passes\b/i;

describe("whatever the model says, only what was run is stated", () => {
  it.each<[string, Script, string, RegExp]>([
    [
      "finishes at once and claims success",
      workersWho(liar()),
      "nothing to do",
      /without changing a file/,
    ],
    [
      "claims a file it did not write",
      workersWho(claimsAFile),
      "nothing to do",
      /without changing a file/,
    ],
    ["answers with broken JSON", brokenJson(), "the model did not finish", /model\.malformed/],
    [
      "has workers that answer with broken JSON",
      workersWho(brokenJson()),
      "the model did not finish",
      /worker\.malformed/,
    ],
    [
      "never finishes",
      workersWho(neverFinishes({ name: "read", input: { path: "README.md" } })),
      "the model did not finish",
      /worker\.looping/,
    ],
    [
      "answers 429, then 500, then hangs",
      rateLimitedThen500ThenHangs(),
      "the model did not finish",
      /model\.timeout/,
    ],
  ])("a model that %s", async (...[, script, headline, reason]) => {
    const env = { MODEL_TIMEOUT_SECONDS: "8", WORKER_STEPS: "12" };
    await using world = await startWorld({ script, env });
    const repo = await world.repository("lies", answersRepository(NAMES));

    const { issue } = await world.ask(repo, "say yes everywhere");
    const comment = await world.ended(repo, issue);

    expect(comment).toContain(`### Nexus: ${headline}`);
    expect(comment).toMatch(reason);
    expect(comment).not.toMatch(FALSE_STATEMENT);
    expect(await world.github.pulls(repo)).toEqual([]);
    expect([...(await world.github.branches(repo)).keys()]).toEqual(["main"]);
    expect(world.github.violations).toEqual([]);
  });

  it("a model that fails while it corrects leaves the first failing command in sight", async () => {
    const failing: Script = (call) =>
      call.agent.workItem?.startsWith("correction") ? brokenJson()(call) : redAndProud(call);
    await using world = await startWorld({ script: failing });
    const repo = await world.repository("stopped", answersRepository(NAMES));

    const { issue } = await world.ask(repo, "say yes everywhere");
    const comment = await world.ended(repo, issue);

    expect(comment).toContain("### Nexus: checks still fail");
    expect(comment).toMatch(
      /going on from the work: It was not finished: .+ \(`worker\.malformed`\)/,
    );
    expect(comment).toMatch(
      /knew nothing of the work: It was not finished: .+ \(`worker\.malformed`\)/,
    );
    expect(comment).toContain("a.txt: no yes");
    expect(comment).toContain("Nothing was pushed.");
    expect(await world.github.pulls(repo)).toEqual([]);
  });

  it("a plan whose only check is the model's own proves nothing, and is not begun", async () => {
    const script: Script = () => ({
      calls: [
        {
          name: "submit_plan",
          input: {
            summary: "s",
            items: [
              {
                id: "a",
                title: "A",
                department: "backend",
                goal: "g",
                paths: ["a.txt"],
                dependsOn: [],
              },
            ],
            checks: [{ name: "test", command: "true" }],
          },
        },
      ],
    });
    await using world = await startWorld({ script });
    const repo = await world.repository("unproven", { "a.txt": "no\n" });

    const { issue } = await world.ask(repo, "say yes everywhere");
    const comment = await world.ended(repo, issue);

    expect(comment).toContain("### Nexus: no checks");
    expect(comment).toContain("No model was called, no token spent.");
    expect(await world.github.pulls(repo)).toEqual([]);
  });

  it("a check run that GitHub refuses hides no pull request", async () => {
    await using world = await startWorld({ script: answering({ names: NAMES }) });
    const repo = await world.repository("no-check-runs", answersRepository(NAMES));
    world.github.fault({
      match: { method: "POST", path: /no-check-runs\/check-runs$/ },
      kind: "status",
      status: 403,
      body: { message: "Resource not accessible by integration" },
      times: 100,
    });

    const { issue } = await world.ask(repo, "say yes everywhere");
    const comment = await world.ended(repo, issue);

    expect(comment).toContain("### Nexus: pull request [#");
    expect(comment).toContain(
      "The check run could not be written on its head: GitHub answered 403",
    );
    expect(await world.github.pulls(repo)).toHaveLength(1);
  });

  it("a red tree is not pushed after the bounded corrections, and the first failing command is shown", async () => {
    await using world = await startWorld({ script: redAndProud });
    const repo = await world.repository("red", answersRepository(NAMES));

    const { issue, deliveryId } = await world.ask(repo, "say yes everywhere");
    const comment = await world.ended(repo, issue);

    expect(comment).toContain("### Nexus: checks still fail");
    expect(comment).toContain("after 2 corrections");
    expect(comment).toMatch(
      /\*\*What was tried:\*\*\n\n- Correcting “Answer a”[^\n]*\n- Correcting “Answer a” anew/,
    );
    expect(comment).toContain("sh check.sh");
    expect(comment).toContain("a.txt: no yes");
    expect(comment).not.toMatch(/all tests pass/i);
    expect([...(await world.github.branches(repo)).keys()]).toEqual(["main"]);
    expect(await world.github.pulls(repo)).toEqual([]);
    const corrections = await world.database.sql(
      "select distinct agent from nexus.steps where task_id = $1 and agent like 'correction%'",
      [deliveryId],
    );
    expect(corrections).toHaveLength(2);
  });

  it("work items that meet in one place end with the files named", async () => {
    const script: Script = (call) => {
      const { agent, body } = call;
      if (!agent.tools.includes("submit_plan")) {
        const done = body.messages.some(({ role }) => role === "tool");
        if (done) return { calls: [{ name: "finish", input: { summary: "done" } }] };
        const text = `${agent.workItem}\n`;
        return { calls: [{ name: "edit", input: { path: "new.txt", old: "", new: text } }] };
      }
      const items = ["one", "two"].map((id) => ({
        id,
        title: `Item ${id}`,
        department: "backend",
        goal: "Write",
        paths: [id === "one" ? "new.*" : "*.txt"],
        dependsOn: [],
      }));
      return { calls: [{ name: "submit_plan", input: { summary: "s", items, checks: [] } }] };
    };
    await using world = await startWorld({ script });
    const repo = await world.repository("meet", { ...answersRepository([]), "old.md": "x\n" });

    const { issue } = await world.ask(repo, "write");
    const comment = await world.ended(repo, issue);

    expect(comment).toContain("### Nexus: work items conflict");
    expect(comment).toContain("new.txt");
    expect(await world.github.pulls(repo)).toEqual([]);
  });
});
