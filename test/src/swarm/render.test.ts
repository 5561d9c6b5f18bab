import { readdirSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { render } from "../../../src/core/render.ts";
import { PROMPT_NAMES } from "../../../src/swarm/prompts.ts";

describe("render", () => {
  it("puts each value where its variable stands, also twice", () => {
    const text = render("{{a}} and {{b}} and {{a}}", { a: "1", b: "2" });

    expect(text).toBe("1 and 2 and 1");
  });

  it("does not look for variables in what a value says", () => {
    const text = render("{{a}}{{b}}", { a: "{{b}} $& $1", b: "x" });

    expect(text).toBe("{{b}} $& $1x");
  });

  it.each([
    ["{{a}} {{b}}", { a: "1" }, 'an unknown variable "b"'],
    ["{{ a }}", { a: "1" }, 'an unknown variable " a "'],
    ["{{constructor}}", {}, 'an unknown variable "constructor"'],
    ["{{}}", {}, 'an unknown variable ""'],
    ["{{a}}", { a: "1", b: "2" }, "does not use b"],
  ])("throws on %s with %j", (template, values, message) => {
    expect(() => render(template, values)).toThrow(message);
  });

  it("has a file for every prompt and a prompt for every file", () => {
    const files = readdirSync(new URL("../../../src/swarm/prompts/", import.meta.url));

    expect(files.toSorted()).toEqual(PROMPT_NAMES.map((name) => `${name}.md`).toSorted());
  });
});
