import { describe, expect, it } from "vitest";
import type { Permission, Platform } from "../../../src/core/platform.ts";
import type { Task } from "../../../src/core/task.ts";
import { takeIn } from "../../../src/pipeline/take-in.ts";
import { sampleTask } from "../../contracts/samples.ts";
import { memoryLedger } from "../../fakes/memory-ledger.ts";
import { createMemoryRecord } from "../../fakes/memory-record.ts";

/** Decides on one delivery; returns what came of it. */
async function decided(request: string, permission: Permission, options: Partial<Task> = {}) {
  const record = createMemoryRecord();
  await record.inbox.receive({ ...sampleTask("t"), request, ...options });
  const asked: string[] = [];
  const round = () =>
    takeIn({
      inbox: record.inbox,
      questions: record.questions,
      effects: record.effects,
      ledger: memoryLedger(),
      open: async ({ repo, installationId }) => {
        asked.push(`${repo.owner}/${repo.name} through ${installationId}`);
        const permissionOf = async (user: string) => {
          asked.push(user);
          return permission;
        };
        return { permission: permissionOf } as unknown as Platform; // nothing else is asked
      },
      onTrouble: (_task, error) => {
        throw error;
      },
    });
  await round();
  await round();
  const wanted = record.wanted().map(({ id, wish }) => ({ id, ...wish }));
  return { ...record, asked, wanted };
}

describe("a delivery of somebody who may ask", () => {
  it.each(["admin", "write"] as const)(
    "with %s rights becomes a task, once",
    async (permission) => {
      const { tasks, wanted, asked, inbox } = await decided("fix the total", permission);

      expect(await tasks.find("t")).toMatchObject({ state: "waiting", epoch: 0 });
      expect(await inbox.pending(10)).toEqual([]);
      expect(asked).toEqual(["octo/shop through 7", "ana"]);
      expect(wanted).toMatchObject([
        { id: "t/reaction", kind: "reaction", commentId: 900, content: "eyes" },
        { id: "t/tracking", kind: "comment", issue: 12, marker: "task:t" },
      ]);
      expect(JSON.stringify(wanted)).toContain("fix the total");
    },
  );

  it.each(["help", "HELP", " ? ", "--help"])(
    "who asks for %s is answered, without a task",
    async (words) => {
      const { tasks, wanted, refusal } = await decided(words, "write");

      expect(await tasks.find("t")).toBeUndefined();
      expect(refusal("t")).toBe("help");
      expect(wanted).toMatchObject([{ id: "t/reply", kind: "comment", marker: "reply:t" }]);
      expect(JSON.stringify(wanted)).toContain("/nexus");
    },
  );
});

describe("a delivery of somebody who may not ask", () => {
  it.each([
    ["read", "fix the total"],
    ["none", "fix the total"],
    ["none", "help"],
  ] as const)("with rights %s to %s is refused in one comment", async (permission, words) => {
    const { tasks, wanted, refusal } = await decided(words, permission);

    expect(await tasks.find("t")).toBeUndefined();
    expect(refusal("t")).toBe(`permission: ${permission}`);
    expect(wanted).toMatchObject([{ id: "t/reply", kind: "comment", issue: 12 }]);
    expect(JSON.stringify(wanted)).toContain("write access");
  });
});

describe("a budget that is no amount", () => {
  it.each([
    ["2,50", "Nexus understood `--budget 2,50`, which is no amount."],
    ["", "Nexus understood `--budget` without an amount."],
    ["`@everyone`", "which is no amount."],
  ])("(%s) is answered, and nothing is started", async (misread, said) => {
    const { tasks, wanted } = await decided("fix the total", "write", { misread });

    expect(await tasks.find("t")).toBeUndefined();
    expect(wanted).toMatchObject([{ kind: "comment", body: expect.stringContaining(said) }]);
    expect(wanted).toMatchObject([{ body: expect.stringContaining("`--budget 2.50`") }]);
  });

  it("is no business of somebody who may not ask", async () => {
    const { wanted } = await decided("fix", "read", { misread: "x" });

    expect(wanted).toMatchObject([{ body: expect.not.stringContaining("--budget") }]);
  });
});
