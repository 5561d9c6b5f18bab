import { describe, expect, it } from "vitest";
import { helpText } from "../../../src/conversation/help.ts";
import { link, mention } from "../../../src/conversation/people.ts";
import { refusalText } from "../../../src/conversation/refusal.ts";

describe("short answers", () => {
  it("a refusal says why and who can ask", () => {
    expect(refusalText("eve")).toBe(
      "@eve, Nexus works for people with write access to this repository, and you have none. Nothing was started. Somebody with write access can repeat the request.\n",
    );
  });

  it("help shows every kind of request and where checks come from", () => {
    const text = helpText();

    for (const part of ["`/nexus fix`", "`/nexus help`", "`.github/nexus.yml`", "write access"]) {
      expect(text).toContain(part);
    }
  });

  it.each([
    ["ada", "@ada"],
    ["a-b-1", "@a-b-1"],
    ["eve\n@all", "`eve @all`"],
    ["-x", "`-x`"],
  ])("%j is told as %s", (login, expected) => {
    expect(mention(login)).toBe(expected);
  });

  it.each([
    ["https://github.test/o/r/pull/3", "[#3](https://github.test/o/r/pull/3)"],
    ["javascript:alert(1)", "#3"],
    ["https://x.test/a) [b](c", "#3"],
    ["", "#3"],
  ])("%j becomes the link %s", (url, expected) => {
    expect(link(3, url)).toBe(expected);
  });
});
