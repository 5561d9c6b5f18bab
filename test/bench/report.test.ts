import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { atMost, table, tables } from "./report.ts";

const MAIN = fileURLToPath(new URL("./main.ts", import.meta.url));

function run(args: readonly string[]): Promise<{ code: unknown; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], (error, stdout, stderr) =>
      resolve({ code: error?.code ?? 0, stdout, stderr }),
    );
  });
}

describe("the runner of benches", () => {
  it.each([
    ["no name", []],
    ["an unknown name", ["nothing"]],
    ["a name that every object has", ["toString"]],
    ["two names", ["swarm", "swarm"]],
    ["an unknown option", ["swarm", "--fast"]],
    ["no number of tasks", ["swarm", "--at-once", "many"]],
    ["no tasks at once", ["swarm", "--at-once", "0"]],
  ])("lists the benches and exits with 2 for %s", async (_, args) => {
    const { code, stdout, stderr } = await run(args);

    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(/^ {2}swarm {2,}\S/m);
  });

  it.each([
    ["nothing to measure", ["merge"], "name what to measure: npm run bench -- merge REPO…"],
    ["what it cannot measure", ["merge", "/nowhere", "--quick"], "there is no folder /nowhere"],
  ])("says in one line that it was given %s, and exits with 2", async (_, args, why) => {
    const { code, stdout, stderr } = await run(args);

    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toContain(`merge: ${why}\n`);
  });
});

describe("a bench's report", () => {
  it("is several tables where rows begin with different headings", () => {
    const text = tables([
      { items: 1, s: 2 },
      { tasks: 3, s: 4 },
      { items: 5, s: 6 },
    ]);

    expect(text).toBe("items  s\n    1  2\n    5  6\n\ntasks  s\n    3  4");
  });

  it("is a table with its numbers to the right", () => {
    const text = table([
      { items: 4, name: "one" },
      { items: 12, name: "three", extra: 1.5 },
    ]);

    expect(text).toBe(["items  name   extra", "    4  one", "   12  three    1.5"].join("\n"));
  });

  it.each([
    [1.4, { value: 1.4, goal: "≤ 1.4", ok: true }],
    [1.404, { value: 1.4, goal: "≤ 1.4", ok: false }],
  ])("judges %d by the figure itself, not by the rounded one", (value, judged) => {
    expect(atMost("ratio", value, 1.4)).toEqual({ name: "ratio", ...judged });
  });
});
