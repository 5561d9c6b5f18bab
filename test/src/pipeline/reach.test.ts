import { describe, expect, it } from "vitest";
import { WorkItem } from "../../../src/core/plan.ts";
import { reachOf } from "../../../src/pipeline/reach.ts";
import { mendingItem } from "../../../src/pipeline/sent-back.ts";
import { itemOf } from "./stage-world.ts";

const partOf = (id: string, ...names: string[]) =>
  itemOf(id, { paths: ["cart.ts"], symbols: [{ path: "cart.ts", names }] });

describe("what work items may change together", () => {
  it("is all of their paths, each once", () => {
    const items = [itemOf("a"), itemOf("b", { paths: ["a.txt", "src/**"] })];

    expect(reachOf(items)).toEqual({ paths: ["a.txt", "src/**"] });
  });

  it("is only their parts of a file of which nobody has the whole", () => {
    expect(reachOf([partOf("a", "add"), partOf("b", "remove", "add")])).toEqual({
      paths: ["cart.ts"],
      symbols: [{ path: "cart.ts", names: ["add", "remove"] }],
    });
  });

  it("is the whole file where one of them has it", () => {
    const whole = itemOf("c", { paths: ["*.ts"] });

    expect(reachOf([partOf("a", "add"), whole])).toEqual({ paths: ["cart.ts", "*.ts"] });
  });

  it("is never more than a work item can name, and nothing of a file whose parts it cannot name", () => {
    const items = Array.from({ length: 20 }, (_, at) =>
      itemOf(`i${at}`, {
        paths: [`s${at}.ts`, `t${at}.ts`, `u${at}.md`, `v${at}.md`],
        symbols: ["s", "t"].map((name) => ({ path: `${name}${at}.ts`, names: ["one"] })),
      }),
    );

    const { paths, symbols = [] } = reachOf(items);

    expect([paths.length, symbols.length]).toEqual([50, 20]);
    const named = new Set(symbols.map(({ path }) => path));
    expect(paths.filter((path) => path.endsWith(".ts") && !named.has(path))).toEqual([]);
  });
});

it("whoever mends what was sent back may touch no more than that", () => {
  const many = itemOf("m", { paths: Array.from({ length: 50 }, (_, at) => `${at}.md`) });
  const sentBack = { commit: "c", weakened: [], unproven: [] };

  const item = mendingItem(1, sentBack, [partOf("a", "add"), many]);

  expect(WorkItem.safeParse({ ...item, goal: "g" }).success).toBe(true);
  expect(item.symbols).toEqual([{ path: "cart.ts", names: ["add"] }]);
});
