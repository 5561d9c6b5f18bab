import { readFile } from "node:fs/promises";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { noDocker } from "../test-sandbox.ts";
import { environmentWorld } from "./environment-world.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

const never = new AbortController().signal;
const docker = new Docker();

describe.skipIf(noDocker)("an image that the default branch names", () => {
  const name = `hostile-${process.pid}:1`;
  const TRAITS = {
    Entrypoint: ["/bin/false"],
    User: "0",
    Env: ["LD_PRELOAD=/evil.so", "PATH=/opt/hostile:/usr/bin:/bin", "BASH_ENV=/evil", "CI=no"],
    Volumes: { "/data": {} },
    Healthcheck: { Test: ["CMD", "/evil"] },
    OnBuild: ["RUN /evil"],
    Labels: { "nexus.owner": "somebody", "nexus.session": "else" },
  };
  beforeAll(async () => {
    const container = await docker.createContainer({
      Image: "nexus-sandbox:latest",
      Cmd: ["true"],
    });
    await container.commit({ repo: name.split(":")[0], tag: "1", ...TRAITS } as object);
    await container.remove();
  });
  afterAll(async () => {
    await docker.getImage(name).remove({ force: true });
  });

  it("is where set-ups start, and what it brings along has no effect", async () => {
    await using world = await environmentWorld();
    const setup = [
      "id -u >who; env >variables; { touch /etc/x || echo no; } >wrote 2>&1; ls -d /data",
    ];
    const need = await world.need({}, { image: name, setup });

    const environment = await world.environments.take(need, never);

    const [layer = ""] = environment.layers;
    const read = (file: string) => readFile(join(layer, file), "utf8");
    expect(await read("who")).toBe(`${world.uid}\n`);
    expect(await read("variables")).not.toMatch(/LD_PRELOAD|BASH_ENV|CI=no/);
    expect(await read("variables")).toContain("CI=true");
    expect(environment.env.PATH).toContain(":/opt/hostile:/usr/bin:/bin");
    expect(await read("wrote")).toMatch(/no\n$/);
    const { Config } = await docker.getImage(environment.image).inspect();
    expect(Config).toMatchObject({
      Cmd: ["sleep", "infinity"],
      User: "65534:65534",
      // Containers that somebody starts from it are not Nexus'.
      Labels: { "nexus.owner": "", "nexus.session": "", "nexus.task": "" },
    });
    expect(Config.Entrypoint ?? []).toEqual([]);
    await environment.release();
  });

  it("alone is taken as it is, by its digest and with its PATH", async () => {
    await using world = await environmentWorld();

    const environment = await world.environments.take(await world.need({}, { image: name }), never);

    expect(environment).toMatchObject({
      image: (await docker.getImage(name).inspect()).Id,
      env: { PATH: "/opt/hostile:/usr/bin:/bin" },
      layers: [],
    });
    await environment.release();
    await world.environments.tidy();
    expect(await docker.getImage(name).inspect()).toBeDefined();
  });

  it.each([
    ["beyond the operator's list", "python:3.12"],
    ["that begins like one of the list", "node:24/evil"],
    ["of another environment", "nexus-environment:aaaa"],
    ["of another environment by its registry", "docker.io/library/nexus-environment:aaaa"],
    ["by its digest alone", `sha256:${"a".repeat(64)}`],
    ["of this machine", "localhost/x"],
    ["of this machine at a port", "localhost:5000/x"],
    ["at an address", "169.254.169.254/x"],
    ["at an address in another spelling", "0x7f.1:5000/x"],
    ["of a network without names", "registry:5000/x"],
    ["of a private network", "registry.corp.internal/x"],
    ["by an option", "--all"],
    ["by a path", "/etc/passwd"],
  ])("is refused %s", async (_why, image) => {
    await using world = await environmentWorld({ allowedImages: ["node:*", "acme/tools"] });
    await using open = await environmentWorld({ allowedImages: ["*"] });

    const taking = world.environments.take(await world.need({}, { image }), never);

    await expect(taking).rejects.toMatchObject({
      code: "sandbox.not-allowed",
      message: expect.stringContaining(image),
    });
    if (/python|node:/.test(image)) return;
    await expect(
      open.environments.take(await open.need({}, { image }), never),
    ).rejects.toMatchObject({ code: "sandbox.not-allowed" });
  });

  it("is refused where it is another repository's environment under another name", async () => {
    await using world = await environmentWorld();
    const made = await world.environments.take(await world.need({}, { setup: ["true"] }), never);
    await docker.getImage(made.image).tag({ repo: `alias-${process.pid}`, tag: "1" });
    const image = `alias-${process.pid}:1`;

    const taking = world.environments.take(await world.need({}, { image }), never);

    await expect(taking).rejects.toMatchObject({ code: "sandbox.not-allowed" });
    await docker.getImage(image).remove();
    await made.release();
  });

  it("that cannot be pulled is a failure of the set-up", async () => {
    await using world = await environmentWorld({
      setUpTimeoutMs: 20_000,
      allowedImages: ["localhost:1/*"],
    });
    const need = await world.need({}, { image: "localhost:1/none:1" });

    await expect(world.environments.take(need, never)).rejects.toMatchObject({
      code: "sandbox.setup-failed",
      message: expect.stringContaining("localhost:1/none:1 cannot be pulled"),
    });
  });
});
