import { describe, expect, it } from "vitest";
import { keepAttempts } from "../../../sandbox/egress/attempts.ts";

const read = (...texts: string[]) => {
  const log = keepAttempts();
  for (const text of texts) log.take(text);
  return log.all();
};

describe("what a proxy's log tells", () => {
  it.each([
    ["nexus-egress TCP_TUNNEL - a.test 443\n", { host: "a.test", allowed: true }],
    ["nexus-egress TCP_MISS - a.test 80\n", { host: "a.test", allowed: true }],
    ["nexus-egress TCP_DENIED ERR_NEXUS_POLICY b.test 443\n", { host: "b.test", allowed: false }],
    ["nexus-egress TCP_DENIED ERR_NEXUS_POLICY b.test 22\n", { host: "b.test:22", allowed: false }],
    ["nexus-egress TCP_DENIED ERR_NEXUS_UNKNOWN a.test 443\n", { host: "a.test", allowed: true }],
    ["nexus-egress TCP_DENIED ERR_NEXUS_POLICY [::1] 80\n", { host: "[::1]", allowed: false }],
  ])("understands %j", (line, attempt) => {
    expect(read(line)).toEqual([attempt]);
  });

  it.each([
    "nexus-egress NONE ERR_INVALID_URL - -\n",
    "nexus-egress TCP_TUNNEL - a.test",
    "nexus-egress TCP_TUNNEL - a\u001b[31m.test 443\n",
    "nexus-egress TCP_TUNNEL - a.test 443 more\n",
    "other TCP_TUNNEL - a.test 443\n",
    `nexus-egress TCP_TUNNEL - ${"a".repeat(254)} 443\n`,
    "\n\n\u0000\n",
  ])("takes nothing from %j", (line) => {
    expect(read(line)).toEqual([]);
  });

  it("puts together lines that arrive in pieces", () => {
    expect(read("nexus-egress TCP_TUNNEL - a.", "test 443\nnexus-egress TCP_")).toEqual([
      { host: "a.test", allowed: true },
    ]);
  });

  it("keeps each host once per answer", () => {
    const line = "nexus-egress TCP_DENIED ERR_NEXUS_POLICY b.test 443\n";

    expect(read(line, line, "nexus-egress TCP_TUNNEL - b.test 443\n")).toEqual([
      { host: "b.test", allowed: false },
      { host: "b.test", allowed: true },
    ]);
  });

  it("keeps 200 hosts, however many are asked for, and forgets what never ends", () => {
    const many = Array.from(
      { length: 5_000 },
      (_, n) => `nexus-egress TCP_DENIED - h${n}.test 80\n`,
    );

    expect(read(...many)).toHaveLength(200);
    expect(
      read("x".repeat(1_000_000), "\n", "nexus-egress TCP_TUNNEL - a.test 443\n"),
    ).toHaveLength(1);
  });
});
