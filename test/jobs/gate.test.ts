import { describe, expect, it } from "vitest";
import { gate, gateEffect, gateEvidence, gateOutcome } from "../../jobs/gate.ts";
import type { EffectWish } from "../../src/core/effect.ts";
import type { Outcome } from "../../src/core/outcome.ts";
import { createRedactor } from "../../src/core/redact.ts";
import { sampleEvidence, samplePush } from "../contracts/samples.ts";

const redact = (text: string) => text.replaceAll("canary", "[secret]");

it("every string at any depth goes through, and nothing else is touched", () => {
  const bytes = new Uint8Array([99, 97, 110, 97, 114, 121]);
  const value = {
    title: "a canary",
    list: ["canary", { deep: ["canary", 1, true, null, undefined] }],
    count: 3,
    bytes,
    nothing: null,
    missing: undefined,
  };

  const gated = gate(value, redact);

  expect(gated).toEqual({
    title: "a [secret]",
    list: ["[secret]", { deep: ["[secret]", 1, true, null, undefined] }],
    count: 3,
    bytes,
    nothing: null,
    missing: undefined,
  });
  expect(value.title).toBe("a canary");
});

it.each([
  ["a text", "canary", "[secret]"],
  ["a number", 7, 7],
  ["nothing", undefined, undefined],
])("%s alone is a value too", (_name, value, expected) => {
  expect(gate(value, redact)).toEqual(expected);
});

it("a key that would change the object's kind stays a key", () => {
  const hostile = JSON.parse('{"__proto__":{"polluted":"canary"},"a":1}');

  const gated = gate(hostile, redact) as Record<string, unknown>;

  expect(Object.getPrototypeOf(gated)).toBe(Object.prototype);
  expect(JSON.stringify(gated)).toBe('{"__proto__":{"polluted":"[secret]"},"a":1}');
});

/** As if every string were a secret: what is still readable afterwards was not touched. */
const blacken = () => "[secret]";
const blackEvidence = {
  ...sampleEvidence,
  checks: sampleEvidence.checks.map((check) => ({
    ...check,
    name: "[secret]",
    command: "[secret]",
    output: "[secret]",
  })),
};

const REFUSED: Outcome = { kind: "refused", reason: "no" };

function withWish(extra: object) {
  const push = samplePush("t");
  return { ...push, wish: { ...push.wish, ...extra } };
}

describe("of an effect only what people read is redacted", () => {
  const at = { branch: "nexus/1", base: "main" } as const;
  const run = { head: "abc", name: "Shadow run", externalId: "t", conclusion: "success" } as const;
  const wishes: readonly (readonly [EffectWish, object])[] = [
    [{ kind: "reaction", commentId: 1, content: "eyes" }, {}],
    [{ kind: "comment", issue: 1, marker: "task:t", body: "hello" }, { body: "[secret]" }],
    [{ kind: "push", ...at, head: "abc", tree: "def" }, {}],
    [
      { kind: "pull-request", ...at, title: "Fix", body: "Fixed.", draft: false },
      { title: "[secret]", body: "[secret]" },
    ],
    [
      { kind: "check-run", ...run, title: "Green", summary: "All." },
      { title: "[secret]", summary: "[secret]" },
    ],
  ];

  it.each(wishes)("%j", (wish, changed) => {
    const effect = { ...samplePush("t"), wish };

    expect(gateEffect(effect, blacken)).toEqual({ ...effect, wish: { ...wish, ...changed } });
  });

  it.each(["nexus", "nexus/1-fix", "nexus/1-fix-abcd"])(
    "so the password %s leaves the branch what it is",
    (password) => {
      const push = withWish({ branch: "nexus/1-fix-abcd" });

      expect(gateEffect(push, createRedactor([password]))).toEqual(push);
    },
  );
});

describe("of an outcome only what people read is redacted", () => {
  const pullRequest = { number: 5, url: "http://x/5", head: "abc", branch: "nexus/1" };
  const reason = { reason: "[secret]" };
  const black = { evidence: blackEvidence };
  const evidence = sampleEvidence;
  const outcomes: readonly (readonly [Outcome, object])[] = [
    [{ kind: "proposed", pullRequest, evidence }, black],
    [
      { kind: "nothing-to-do", reason: "green", evidence },
      { ...reason, ...black },
    ],
    [{ kind: "nothing-to-do", reason: "green" }, reason],
    [{ kind: "refused", reason: "no" }, reason],
    [
      { kind: "model-required", reason: "none", evidence },
      { ...reason, ...black },
    ],
    [{ kind: "model-required", reason: "none" }, reason],
    [
      { kind: "model-failed", code: "model.auth", reason: "no", hint: "Look." },
      { ...reason, hint: "[secret]" },
    ],
    [{ kind: "model-failed", code: "model.auth", reason: "no" }, reason],
    [
      { kind: "conflicted", item: "a", files: ["a.ts", "b.ts"] },
      { files: ["[secret]", "[secret]"] },
    ],
    [{ kind: "checks-failed", evidence, corrections: 2 }, black],
    [{ kind: "no-checks", reason: "none" }, reason],
    [
      { kind: "setup-failed", reason: "no", output: "npm error" },
      { ...reason, output: "[secret]" },
    ],
    [
      { kind: "failed", code: "git.failed", reason: "no", hint: "Look." },
      { ...reason, hint: "[secret]" },
    ],
    [{ kind: "failed", code: "git.failed", reason: "no" }, reason],
  ];

  it.each(outcomes)("%j", (outcome, changed) => {
    expect(gateOutcome(outcome, blacken)).toEqual({ ...outcome, ...changed });
  });
});

it("of evidence the names, commands and output are redacted, its digests and verdict are not", () => {
  expect(gateEvidence(sampleEvidence, blacken)).toEqual(blackEvidence);
});

it.each([
  ["an outcome", (extra: object) => gateOutcome({ ...REFUSED, ...extra }, blacken)],
  ["a wish", (extra: object) => gateEffect(withWish(extra), blacken).wish],
  ["evidence", (extra: object) => gateEvidence({ ...sampleEvidence, ...extra }, blacken)],
])("a field of %s that nobody has thought of is redacted", (_name, gated) => {
  expect(gated({ note: { deep: ["told"] } })).toMatchObject({ note: { deep: ["[secret]"] } });
});
