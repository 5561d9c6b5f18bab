import { expect, it } from "vitest";
import { parseWorkerConfig } from "../../src/config.ts";

const WORKER = {
  DATABASE_URL: "postgres://nexus@db/nexus",
  REDIS_URL: "redis://cache",
  BROKER_KEY: "0123456789abcdef0123456789abcdef",
};
const budgetFrom = (env: Readonly<Record<string, string>>) =>
  parseWorkerConfig({ ...WORKER, ...env }).budget;

it("everything that may be spent is bounded, and a price that nobody knows is refused", () => {
  expect(budgetFrom({})).toEqual({
    caps: { task: 5_000_000, "repository-day": 20_000_000, day: 50_000_000, total: 1_000_000_000 },
    pricesFile: undefined,
    unknownPrice: "refuse",
  });
});

it("bounds are set and taken away one by one", () => {
  const env = {
    BUDGET_TASK: "2.50",
    BUDGET_REPOSITORY_DAY: "none",
    BUDGET_DAY: "$0.000001",
    BUDGET_TOTAL: "none",
  };

  expect(budgetFrom(env).caps).toEqual({ task: 2_500_000, day: 1 });
});

it.each([
  ["free", "free"],
  ["refuse", "refuse"],
  ["15", 15_000_000],
  ["0.25", 250_000],
])("UNKNOWN_PRICE=%s is %s", (text, rule) => {
  expect(budgetFrom({ UNKNOWN_PRICE: text }).unknownPrice).toBe(rule);
});

it.each([
  ...["BUDGET_TASK", "BUDGET_REPOSITORY_DAY", "BUDGET_DAY", "BUDGET_TOTAL"].flatMap((name) =>
    ["0", "-1", "1e3", "2,50", "canary", "None", "unlimited", "0.0000001", "1000001"].map(
      (value) => [name, value, "must be an amount in dollars above 0, such as 2.50, or none"],
    ),
  ),
  ...["0", "-1", "canary", "FREE", "none", "refuse 5"].map((value) => [
    "UNKNOWN_PRICE",
    value,
    "must be refuse, free, or what a million tokens are taken to cost",
  ]),
])("%s=%s is told with what it may be, and not shown", (name = "", value = "", problem = "") => {
  const parsing = () => budgetFrom({ [name]: value });

  expect(parsing).toThrow(`- ${name}: ${problem}`);
  expect(parsing).not.toThrow(/canary/);
});
