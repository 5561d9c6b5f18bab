import { describe, expect, it } from "vitest";
import { failing, ok } from "../../../sandbox/doctor/diagnosis.ts";
import { diagnosisText } from "../../../sandbox/doctor/doctor-text.ts";
import { diagnoseMirror, diagnoseRuntimes, diagnosesOf } from "../../../sandbox/doctor/engine.ts";
import { diagnoseCalls, seenFrom } from "../../../sandbox/doctor/walls.ts";
import { factsFrom } from "../../../sandbox/probe/engine-facts.ts";
import { NexusError } from "../../../src/core/errors.ts";

const INFO = {
  ServerVersion: "28.3.1",
  OSType: "linux",
  Driver: "overlay2",
  DefaultRuntime: "runc",
  SecurityOptions: ["name=seccomp,profile=builtin"],
  Runtimes: { runc: {}, runsc: {} },
};

describe("what is found out about an engine", () => {
  it.each([
    [{ name: "runc", ok: false, detail: "1.1.5" }, "warning"],
    [{ name: "seccomp", ok: false, detail: "off" }, "problem"],
    [{ name: "engine", ok: false, detail: "windows" }, "problem"],
    [{ name: "overlay", ok: false, detail: "no" }, "warning"],
    [{ name: "whiteouts", ok: false, detail: "no" }, "warning"],
    [{ name: "cgroups", ok: true, detail: "2" }, "ok"],
    [{ name: "something new", ok: false, detail: "no" }, "warning"],
  ])("%j is a matter of %s", (finding, level) => {
    const [diagnosis] = diagnosesOf([finding]);

    expect(diagnosis).toMatchObject({ level, name: finding.name, detail: finding.detail });
  });

  it.each([
    [{ mirror: "overlay", reason: undefined }, undefined, "ok", "overlay"],
    [{ mirror: "copy", reason: "overlay: no" }, undefined, "warning", "copy, because overlay: no"],
    [{ mirror: "overlay", reason: undefined }, "copy", "warning", "SANDBOX_MIRROR says copy"],
    [{ mirror: "copy", reason: "overlay: no" }, "copy", "warning", "copy, because"],
  ] as const)("mirrors of %j, configured %s: %s", (...[probe, configured, level, detail]) => {
    expect(diagnoseMirror(probe, configured)).toMatchObject({
      level,
      detail: expect.stringContaining(detail),
    });
  });

  it("a runtime that is configured must be there", () => {
    const facts = factsFrom(INFO, {});

    expect(diagnoseRuntimes(facts, "runsc").every(({ level }) => level === "ok")).toBe(true);
    expect(diagnoseRuntimes(facts, undefined).at(-1)).toEqual(ok("runtime", "runc"));
    expect(diagnoseRuntimes(facts, "kata").at(-1)).toMatchObject({ level: "problem" });
    const without = factsFrom({ ...INFO, Runtimes: { runc: {} } }, {});
    expect(diagnoseRuntimes(without, undefined)[1]?.detail).toContain(
      "runsc (gVisor) is not there",
    );
  });
});

// The numbers are error codes: 1 not permitted, 14 the kernel looked at the argument, 22 it was invalid,
// 38 no such call, 97 no such family.
it.each([
  ["1 0 1", "ok", ""],
  ["38 0 97", "ok", ""],
  ["14 0 1", "problem", "io_uring can"],
  ["22 0 1", "problem", "io_uring can"],
  ["0 0 1", "problem", "io_uring can"],
  ["1 1 0", "problem", "AF_VSOCK can"],
  ["1 0 22", "problem", "AF_VSOCK can"],
  ["14 1 0", "problem", "io_uring and AF_VSOCK can"],
  ["", "problem", "io_uring and AF_VSOCK can"],
  ["perl: not found", "problem", "io_uring and AF_VSOCK can"],
])("a container in which calls end with %j is a matter of %s", (output, level, detail) => {
  expect(diagnoseCalls({ exitCode: 0, output })).toMatchObject({
    level,
    detail: expect.stringContaining(detail),
  });
});

it.each([
  [undefined, "problem"],
  ["runc", "problem"],
  ["runsc", "warning"],
  ["kata-fc", "warning"],
])("what passes a wall of %s is a %s", (runtime, level) => {
  const found = { level: "problem", name: "pids limit", detail: "no" } as const;

  expect(seenFrom(runtime, found)).toMatchObject({ level, detail: "no" });
  expect(seenFrom(runtime, ok("git", "2"))).toEqual(ok("git", "2"));
});

it.each([
  [ok("git", "2.39.5"), "ok       git           2.39.5\n"],
  [
    failing("engine", new NexusError("sandbox.unavailable", "No\nanswer.", { hint: "Start it." })),
    "PROBLEM  engine        No answer. -> Start it.\n",
  ],
  [
    { level: "warning", name: "x", detail: "a\u001b[31m\u202eb" } as const,
    "warning  x             a [31m b\n",
  ],
])("a diagnosis is one line: %j", (diagnosis, line) => {
  expect(diagnosisText(diagnosis)).toBe(line);
});
