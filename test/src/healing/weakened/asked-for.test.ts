import { describe, expect, it } from "vitest";
import { askedFor } from "../../../../src/healing/weakened/asked-for.ts";

describe("whose wish it was that tests are taken away", () => {
  it.each([
    ["delete the tests of the old parser", "request"],
    ["Please skip flaky specs on Windows", "request"],
    ["lower the coverage threshold to 80", "request"],
    ["remove the lint rule no-undef", "request"],
    ["fix the failing tests", undefined],
    ["fix the failing tests. Do not delete any test", undefined],
    ["mend it without skipping tests", undefined],
    ["remove the old parser", undefined],
    ["add tests for removed users", undefined],
  ])("%s", (request, asked) => {
    expect(askedFor({ request, goals: [] })).toBe(asked);
  });

  it("is told of a plan only where the request says nothing of it", () => {
    const goals = ["Make it pass.", "Remove the failing tests."];

    expect(askedFor({ request: "make it pass", goals })).toBe("plan");
    expect(askedFor({ request: "drop the tests", goals })).toBe("request");
  });
});
