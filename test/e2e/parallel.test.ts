import { describe, expect, it } from "vitest";
import type { Script } from "../world/model/script.ts";
import { answering, answersRepository } from "./answers.ts";
import { startWorld } from "./world.ts";

const NAMES = ["a", "b", "c", "d"];

/** The same answers, given only when as many workers as expected wait for theirs, or it is plain that no more will. */
function together(expected: number) {
  const answers = answering({ names: NAMES });
  const waiting = new Set<string>();
  let most = 0;
  let open = Promise.withResolvers<void>();
  const script: Script = async (call) => {
    const item = call.agent.workItem;
    const first = !call.body.messages.some(({ role }) => role === "tool");
    if (item === undefined || !first) return answers(call);
    waiting.add(item);
    most = Math.max(most, waiting.size);
    if (waiting.size === expected) open.resolve();
    await open.promise;
    waiting.delete(item);
    if (waiting.size === 0) open = Promise.withResolvers<void>();
    return answers(call);
  };
  return { script, most: () => most };
}

describe("independent work items", () => {
  it.each([
    [4, "where there is room", { WORKERS_PER_TASK: "4", WORKERS_AT_ONCE: "8" }],
    [2, "where a task may not have more", { WORKERS_PER_TASK: "2", WORKERS_AT_ONCE: "8" }],
    [2, "where the machine has no more room", { WORKERS_PER_TASK: "4", WORKERS_AT_ONCE: "2" }],
  ])("are worked on %i at once, and never more, %s", async (...[workers, , limits]) => {
    const model = together(workers);
    const env = { ...limits, MODEL_TIMEOUT_SECONDS: "60" };
    await using world = await startWorld({ script: model.script, env });
    const repo = await world.repository("parallel", answersRepository(NAMES));

    const { issue } = await world.ask(repo, "say yes everywhere");
    const comment = await world.ended(repo, issue);

    // Each answer came only because that many workers asked at the same time.
    expect(comment).toContain("### Nexus: pull request");
    expect(model.most()).toBe(workers);
  });

  it("become one branch with a commit for each, in the plan's order", async () => {
    const dependsOn = (name: string) => (name === "a" ? ["d"] : []);
    await using world = await startWorld({ script: answering({ names: NAMES, dependsOn }) });
    const repo = await world.repository("ordered", answersRepository(NAMES));

    const { issue } = await world.ask(repo, "say yes everywhere");
    await world.ended(repo, issue);

    const [pull] = await world.github.pulls(repo);
    const listed = /### Commits\n\n(?<lines>[\s\S]*?)\n\n/.exec(pull?.body ?? "")?.groups?.lines;
    const titles = listed?.split("\n").map((line) => /Answer \w/.exec(line)?.[0]);
    expect(titles).toEqual(["Answer b", "Answer c", "Answer d", "Answer a"]);
  });
});
