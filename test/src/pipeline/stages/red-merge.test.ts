import { describe, expect, it } from "vitest";
import { resolve } from "../../../../src/pipeline/stages/resolve.ts";
import { update } from "../../../../src/pipeline/stages/update.ts";
import { verify } from "../../../../src/pipeline/stages/verify.ts";
import { freshSignal } from "../../git/sample-repository.ts";
import { asked, type Given } from "./conflicting-pull.ts";

async function resolving(given: Given) {
  const all = await asked(given);
  return { ...all, found: await resolve(all.bench)(all.state, freshSignal()) };
}

describe("a merge that is proven and whose checks are red", () => {
  const mine = (last: string) => ({ "a.txt": `1\n2 mine\n3\n4\n${last}\n`, "b.txt": "b\n" });
  const theirs = { "a.txt": "1\n2\n3 theirs\n4\nyes\n" };

  it("as they were before is pushed, and that is said and shown", async () => {
    const { found, bench, state, head, wishes } = await resolving({ mine: mine("no"), theirs });
    const merged = { ...state, ...found };

    const verified = await verify(bench)(merged, freshSignal());
    expect(verified.outcome).toBeUndefined();
    expect(verified).toMatchObject({ evidence: { passed: false }, baseline: { commit: head } });
    const { outcome } = await update(bench)({ ...merged, ...verified }, freshSignal());

    expect(outcome).toMatchObject({
      kind: "resolved",
      evidence: { passed: false },
      before: { commit: head, checks: [{ name: "yes", passed: false }] },
    });
    expect(wishes).toMatchObject([{ kind: "push" }, { kind: "check-run", conclusion: "failure" }]);
  });

  it("and were green before is not pushed, and both are shown", async () => {
    const red = { "a.txt": "1\n2\n3 theirs\n4\nno\n" };
    const { found, bench, state, head, wishes } = await resolving({
      mine: mine("yes"),
      theirs: red,
    });

    const verified = await verify(bench)({ ...state, ...found }, freshSignal());

    expect(verified.outcome).toMatchObject({
      kind: "checks-failed",
      evidence: { passed: false },
      before: { commit: head, passed: true },
    });
    expect(wishes).toEqual([]);
  });
});
