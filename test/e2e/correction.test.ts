import { describe, expect, it } from "vitest";
import type { Script, ScriptedRequest } from "../world/model/script.ts";
import { startWorld } from "./world.ts";

const REPOSITORY = {
  "README.md": "# sums\n",
  ".github/nexus.yml": "checks:\n  - name: test\n    command: node --test\n",
  "src/one.mjs": "export const one = () => 1;\n",
  "src/double.mjs": "export const double = (n) => n + n;\n",
  "test/one.test.mjs": testOf("one", "one(), 1"),
  "test/double.test.mjs": testOf("double", "double(2), 4"),
};

function testOf(name: string, expected: string): string {
  return `import assert from "node:assert/strict";
import { test } from "node:test";
import { ${name} } from "../src/${name}.mjs";

test("${name} of a number", () => {
  assert.equal(${expected});
});
`;
}

const PLAN = {
  summary: "Two modules.",
  items: ["one", "double"].map((name) => ({
    id: name,
    title: `Rewrite ${name}`,
    department: "backend",
    goal: `Write src/${name}.mjs anew.`,
    paths: [`src/${name}.mjs`],
    dependsOn: [],
  })),
  checks: [],
};

const WRITTEN = { one: ["() => 1", "() => 2 - 1"], double: ["n + n", "n * 3"] } as const;

/** A plan of two items of which the second breaks a test, and what those say who are to correct it. */
function breaking(corrections: Readonly<Record<string, readonly [string, string]>>) {
  const asked: ScriptedRequest[] = [];
  const script: Script = (call) => {
    const { agent, body } = call;
    if (agent.tools.includes("submit_plan"))
      return { calls: [{ name: "submit_plan", input: PLAN }] };
    const id = agent.workItem ?? "";
    if (body.messages.some(({ role }) => role === "tool"))
      return { calls: [{ name: "finish", input: { summary: "All tests pass." } }] };
    if (id.startsWith("correction")) asked.push(call);
    const [old, text] = corrections[id] ?? WRITTEN[id === "one" ? "one" : "double"];
    const path = id === "one" ? "src/one.mjs" : "src/double.mjs";
    return { calls: [{ name: "edit", input: { path, old, new: text } }] };
  };
  return { script, asked };
}

const env = { MODEL_WORKER: "local:scripted,local:stranger" };

describe("a red shadow run", () => {
  it("asks only the worker who is to blame, then a stranger of another model, and tells what was tried", async () => {
    const { script, asked } = breaking({
      "correction-1": ["n * 3", "n * 5"],
      "correction-2": ["n * 5", "n * 2"],
    });
    await using world = await startWorld({ script, env });
    const repo = await world.repository("corrected", REPOSITORY);

    const { issue } = await world.ask(repo, "rewrite both modules");
    const comment = await world.ended(repo, issue);

    expect(comment).toContain("### Nexus: pull request [#");
    expect(asked.map(({ agent, body }) => [agent.workItem, body.model])).toEqual([
      ["correction-1", "scripted"],
      ["correction-2", "stranger"],
    ]);
    const [first = "", second = ""] = asked.map(({ agent }) => agent.firstUserText);
    expect(first).toContain("test/double.test.mjs:6");
    expect(first).toContain("+export const double = (n) => n * 3;");
    expect(first).toMatch(/Step 1:\nedit /);
    expect(first).toMatch(/Paths you may change:\n\n- src\/double\.mjs\n/);
    expect(second).toContain("make the smallest change");
    expect(second).toContain("Try 1, the item's own worker (Rewrite double).");
    expect(second).not.toMatch(/Step 1:\nedit /);
    const [pull] = await world.github.pulls(repo);
    expect(pull?.draft).toBe(false);
    expect(pull?.body).toContain("### What was tried");
    expect(pull?.body).toContain(
      "- Correcting “Rewrite double”, going on from the work (`local:scripted`): `src/double.mjs` (+1 −1). Still red with it: `test`.",
    );
    expect(pull?.body).toContain("(`local:stranger`): `src/double.mjs` (+1 −1). Green with it.");
  });

  it("that nobody mends is proposed without the item that is to blame, as a draft that says so", async () => {
    // The first changes nothing: what it looks for is not there.
    const { script, asked } = breaking({ "correction-2": ["n * 3", "n * 7"] });
    await using world = await startWorld({ script, env });
    const repo = await world.repository("left-out", REPOSITORY);

    const { issue } = await world.ask(repo, "rewrite both modules");
    const comment = await world.ended(repo, issue);

    expect(comment).toContain("with a part of the work");
    expect(comment).toMatch(/\*\*Not done:\*\*\n\n- Rewrite double: It was left out/);
    expect(asked).toHaveLength(2);
    const [pull] = await world.github.pulls(repo);
    expect(pull).toMatchObject({ draft: true });
    expect(pull?.body).toMatch(/Correcting “Rewrite double”, going on .*: It changed nothing\./);
    expect(pull?.body).toContain("- Leaving out “Rewrite double”: `src/double.mjs`");
    expect(pull?.body).toContain("Green with it.");
    expect(pull?.body).toContain("1 commit, 1 file");
  });
});
