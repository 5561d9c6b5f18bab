import { describe, expect, it } from "vitest";
import { withMergeSection } from "../../../src/conversation/merge-section.ts";
import { BASE, check, evidence, HEAD } from "./facts.ts";

const view = (branch: string) => ({
  base: { branch, commit: BASE },
  evidence: evidence([check()]),
});

describe("a merge that is told in a body", () => {
  it("stands behind what is there, with the head that was verified", () => {
    const body = withMergeSection("Why.\n", view("main")) ?? "";

    expect(body.startsWith("Why.\n\n<!-- nexus:merge -->\n\n### Merged with its base\n")).toBe(
      true,
    );
    expect(body).toContain(`\`main\` at \`${BASE.slice(0, 7)}\``);
    expect(body).toContain(HEAD);
  });

  it("takes the place of the one before, and what people wrote around it stays", () => {
    const first = withMergeSection("Why.\r\n", view("main")) ?? "";
    const edited = `${first}\nA note.\n`;

    const second = withMergeSection(edited, view("next")) ?? "";

    expect(second).toBe(edited.replace("`main`", "`next`"));
    expect(withMergeSection(second, view("next"))).toBe(second);
  });

  it("is left out where there is no room", () => {
    expect(withMergeSection("x".repeat(64_000), view("main"))).toBeUndefined();
  });
});
