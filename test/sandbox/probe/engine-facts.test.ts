import Docker from "dockerode";
import { describe, expect, it } from "vitest";
import { engineFacts, factsFrom } from "../../../sandbox/probe/engine-facts.ts";
import { noDocker } from "../test-sandbox.ts";

const INFO = {
  ServerVersion: "28.3.1",
  KernelVersion: "6.8.0",
  OperatingSystem: "Ubuntu 24.04",
  OSType: "linux",
  Architecture: "x86_64",
  Name: "host",
  Driver: "overlay2",
  CgroupVersion: "2",
  CgroupDriver: "systemd",
  DefaultRuntime: "runc",
  SecurityOptions: ["name=apparmor", "name=seccomp,profile=builtin", "name=cgroupns"],
  Runtimes: {
    runc: {
      path: "runc",
      status: {
        "org.opencontainers.runtime-spec.features": JSON.stringify({
          annotations: { "org.opencontainers.runc.version": "1.2.8" },
        }),
      },
    },
    runsc: { path: "/usr/bin/runsc" },
  },
};
const VERSION = { ApiVersion: "1.51", Components: [{ Name: "runc", Version: "1.2.8" }] };

const findingIn = (info: object, version: object, name: string) =>
  factsFrom(info, version).findings.find((finding) => finding.name === name);

describe("factsFrom", () => {
  it("reads versions, drivers, runtimes and walls from the engine's answers", () => {
    expect(factsFrom(INFO, VERSION)).toMatchObject({
      version: "28.3.1",
      apiVersion: "1.51",
      kernel: "6.8.0",
      storageDriver: "overlay2",
      cgroupVersion: "2",
      cgroupDriver: "systemd",
      runtimes: [
        { name: "runc", version: "1.2.8" },
        { name: "runsc", version: undefined },
      ],
      seccomp: true,
      appArmor: true,
      userNamespaces: false,
      rootless: false,
      dockerDesktop: false,
    });
    expect(factsFrom(INFO, VERSION).findings.every(({ ok }) => ok)).toBe(true);
  });

  it.each([
    [{ SecurityOptions: ["name=seccomp,profile=builtin", "name=rootless"] }, "rootless"],
    [{ SecurityOptions: ["name=userns"] }, "root of containers is no root"],
    [{ OperatingSystem: "Docker Desktop" }, "Docker Desktop"],
    [{ Name: "docker-desktop" }, "Docker Desktop"],
    [{}, "the engine runs as root"],
  ])("names the place of an engine that says %j", (said, place) => {
    expect(findingIn({ ...INFO, ...said }, VERSION, "place")?.detail).toContain(place);
  });

  it.each([
    ["1.1.5+ds1", false],
    ["1.2.7", false],
    ["1.2.8", true],
    ["1.3.0-rc.1", false],
    ["1.3.2", false],
    ["1.3.3", true],
    ["1.4.0", true],
    ["v2.0.0", true],
    ["odd", true],
  ])("judges runc %s", (version, ok) => {
    const said = { ApiVersion: "1", Components: [{ Name: "runc", Version: version }] };

    expect(findingIn(INFO, said, "runc")?.ok).toBe(ok);
  });

  it.each([
    [{ SecurityOptions: null }, "seccomp"],
    [{ OSType: "windows" }, "engine"],
    [{ SecurityOptions: ["name=rootless"], CgroupVersion: "1" }, "cgroups"],
  ])("warns of %j", (said, name) => {
    expect(findingIn({ ...INFO, ...said }, VERSION, name)?.ok).toBe(false);
  });

  it.each([
    [{}, {}],
    [{ SecurityOptions: 7, Runtimes: "x", RuncCommit: 1, Driver: null }, { Components: {} }],
    [{ Runtimes: { runc: { status: { "org.opencontainers.runtime-spec.features": "{" } } } }, {}],
  ])("takes what it does not know for unknown: %j", (info, version) => {
    expect(factsFrom(info, version)).toMatchObject({ version: "unknown", seccomp: false });
  });
});

describe.skipIf(noDocker)("engineFacts", () => {
  it("asks a real engine", async () => {
    const facts = await engineFacts(new Docker());

    expect(facts.version).toMatch(/^\d+\.\d+/);
    expect(facts.osType).toBe("linux");
    expect(facts.runtimes.map(({ name }) => name)).toContain("runc");
  });

  it("says when no engine answers", async () => {
    const asked = engineFacts(new Docker({ socketPath: "/nonexistent/docker.sock" }));

    await expect(asked).rejects.toMatchObject({ code: "sandbox.unavailable" });
  });
});
