import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { sweepAway } from "../../../sandbox/engine/sweep.ts";
import { keepLayers } from "../../../sandbox/mirror/layers.ts";
import { noDocker } from "../test-sandbox.ts";
import { environmentWorld, inImage, noWayOut } from "./environment-world.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

const never = new AbortController().signal;
const docker = new Docker();
const UUID = "cat /proc/sys/kernel/random/uuid";

describe.skipIf(noDocker)("an environment", () => {
  let world: Awaited<ReturnType<typeof environmentWorld>>;
  beforeAll(async () => {
    world = await environmentWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it("is Nexus' own image where nothing is to be installed", async () => {
    const found = await world.environments.take(await world.need({ "a.sh": "" }), never);
    const said = await world.environments.take(
      await world.need({ "package.json": "{}", "package-lock.json": "{" }, { setup: [] }),
      never,
    );

    for (const environment of [found, said]) {
      expect(environment).toMatchObject({ layers: [], network: [] });
      expect(environment.image).toMatch(/^sha256:/);
      expect(environment.pass("node_modules")).toBe(false);
    }
    expect(await readdir(join(world.folder, "environments")).catch(() => [])).toEqual([]);
  });

  it("is made by the commands that the default branch names, over its source", async () => {
    const setup = [
      "test -f src/a.txt && mkdir -p /opt/nexus/bin dist sub/made && id -u >dist/uid",
      "printf '#!/bin/sh\\necho tool\\n' >/opt/nexus/bin/tool && chmod +x /opt/nexus/bin/tool",
      "cat src/a.txt package.json >dist/b.txt; echo x >>src/a.txt; echo y >sub/made/y; echo z >.env",
    ];
    const source = await world.need({
      "src/a.txt": "main,",
      "package.json": "old",
      "sub/kept": "",
    });
    const need = {
      ...(await world.need(
        { "src/a.txt": "branch", "sub/kept": "", "package.json": "{}" },
        { setup },
      )),
      source: {
        id: "main",
        take: async () => ({ tree: source.tree, release: async () => undefined }),
      },
    };

    const environment = await world.environments.take(need, never);

    const [layer = ""] = environment.layers;
    expect(inImage(environment.image, "tool", environment.env)).toBe("tool");
    // Of the commit itself only its manifests take part.
    expect(await readFile(join(layer, "dist/b.txt"), "utf8")).toBe("main,{}");
    expect(await readFile(join(layer, "dist/uid"), "utf8")).not.toBe("0\n");
    expect((await readdir(layer)).sort()).toEqual([".env", "dist", "sub"]);
    const passed = ["dist", "sub/made", ".env", "src", "sub"].map(environment.pass);
    expect(passed).toEqual([true, true, true, false, false]);
    await environment.release();
  });

  it("is made once for all who want it at the same time, in other processes too", async () => {
    await using other = await environmentWorld({ folder: world.folder, owner: world.owner });
    const files = { "requirements.txt": "" };
    const wish = { setup: [`${UUID} >made`] };
    const needs = await Promise.all([1, 2, 3].map(() => world.need(files, wish)));
    const source = {
      id: "s",
      take: async () => ({
        tree: { folders: needs[0]?.tree.folders ?? [] },
        release: async () => undefined,
      }),
    };

    const taken = await Promise.all(
      needs.map((need, at) =>
        (at === 2 ? other : world).environments.take({ ...need, source }, never),
      ),
    );

    const made = await Promise.all(
      taken.map(({ layers }) => readFile(join(layers[0] ?? "", "made"), "utf8")),
    );
    expect(new Set(made).size).toBe(1);
    expect(new Set(taken.map(({ image }) => image)).size).toBe(1);
    for (const environment of taken) await environment.release();
  });

  it("is another one where a manifest, a command or the source differs", async () => {
    const wish = { setup: ["true"] };
    const name = async (
      id: string,
      files: Readonly<Record<string, string>>,
      setup = wish.setup,
    ) => {
      const need = await world.need(files, { setup });
      const source = {
        id,
        take: async () => ({ tree: need.tree, release: async () => undefined }),
      };
      const environment = await world.environments.take({ ...need, source }, never);
      await environment.release();
      return environment.image;
    };

    const first = await name("a", { "go.mod": "1", "main.go": "1" });

    expect(await name("a", { "go.mod": "1", "main.go": "2" })).toBe(first);
    expect(await name("a", { "go.mod": "2", "main.go": "1" })).not.toBe(first);
    expect(await name("b", { "go.mod": "1", "main.go": "1" })).not.toBe(first);
    expect(await name("a", { "go.mod": "1" }, ["true "])).not.toBe(first);
  });

  it("that cannot be made fails with the command, its exit code and its last words", async () => {
    const setup = ["echo first", `${UUID}; seq 1 9999; echo last; exit 3`, "echo never"];
    const need = await world.need({}, { setup });
    const failed = () => world.environments.take(need, never).catch((error: unknown) => error);

    const error = await failed();

    expect(error).toMatchObject({
      code: "sandbox.setup-failed",
      retryable: false,
      message: expect.stringMatching(
        /`cat .*exit 3` ended with exit code 3\.\n[\s\S]*\n9999\nlast$/,
      ),
      hint: expect.stringContaining("`setup:`"),
    });
    expect((error as Error).message.length).toBeLessThan(9_000);
    // It is not tried again at once: the same answer, from memory.
    expect(await failed()).toBe(error);
    const label = [`nexus.owner=${world.owner}`];
    expect(await docker.listContainers({ all: true, filters: { label } })).toEqual([]);
  });

  it("that does not come to an end is a failure too", async () => {
    await using quick = await environmentWorld({ setUpTimeoutMs: 1_500 });
    const need = await quick.need({}, { setup: ["sleep 600"] });

    await expect(quick.environments.take(need, never)).rejects.toMatchObject({
      code: "sandbox.setup-failed",
      message: expect.stringContaining("`sleep 600` did not end in time"),
    });
  });

  it("that takes more than there is room for is a failure too", async () => {
    await using small = await environmentWorld({ limits: { ...world.limits, diskMb: 1 } });
    const fill = "head -c 3000000 /dev/zero";

    // One that never ends is ended as soon as somebody looks.
    const endless = `${fill} >big; sleep 600`;
    for (const setup of [[`${fill} >big`], [`${fill} >/opt/nexus/big`], [endless]]) {
      const taking = small.environments.take(await small.need({}, { setup }), never);
      await expect(taking).rejects.toMatchObject({
        code: "sandbox.setup-failed",
        message: "The set-up wrote more than 1 MB.",
      });
    }
    expect(await small.images()).toEqual([]);
  });

  it("whose network was in trouble may be made later", async () => {
    const setup = ["echo 'getaddrinfo EAI_AGAIN registry.example.org'; exit 1"];

    const taking = world.environments.take(await world.need({}, { setup }), never);

    await expect(taking).rejects.toMatchObject({ retryable: true });
  });

  it.each<readonly [string, Readonly<Record<string, string>>, string, string]>([
    ["", { "dist/a": "tracked" }, "mkdir -p dist; touch dist/b", '"dist"'],
    [" below a file", { sub: "tracked" }, "mkdir -p sub/made", '"sub"'],
  ])("never hides what the commit holds itself%s", async (_where, ...[files, setup, named]) => {
    const { tree } = await world.need({});
    const source = { id: "empty", take: async () => ({ tree, release: async () => undefined }) };
    const need = await world.need(files, { setup: [setup] });

    const taking = world.environments.take({ ...need, source }, never);

    await expect(taking).rejects.toMatchObject({
      code: "sandbox.setup-failed",
      message: `The set-up makes ${named}, which the commit holds too.`,
    });
  });

  it("says what is missing where one of several tools is", async () => {
    const said: string[] = [];
    const onOutput = (taskId: string, text: string) => said.push(`${taskId}: ${text}`);
    await using telling = await environmentWorld({ onOutput });
    const files = {
      "package.json": "{}",
      "package-lock.json": '{"lockfileVersion":3,"packages":{"":{}}}',
      "go.mod": "module x\n\nrequire example.org/y v1.0.0\n",
    };

    for (const _time of [1, 2]) {
      const environment = await telling.environments.take(await telling.need(files), never);
      await environment.release();
    }

    const note = "t: The image has no go, so nothing was installed of what needs it.\n";
    expect(said).toEqual([note, note]);
  });

  it("needs a tool that the image has", async () => {
    const files = { "go.mod": "module x\n\nrequire example.org/y v1.0.0\n" };

    const taking = world.environments.take(await world.need(files), never);

    await expect(taking).rejects.toMatchObject({
      code: "sandbox.setup-failed",
      message: expect.stringMatching(/^The image .* has no go\.$/),
      hint: expect.stringContaining("`image:`"),
    });
  });

  it("is given up with the last who wants it, and leaves nothing", async () => {
    const need = await world.need({}, { setup: ["sleep 600"] });
    const stop = new AbortController();
    const asked = world.egress.asked.length;

    const taking = world.environments.take(need, stop.signal);
    const settled = expect(taking).rejects.toMatchObject({ code: "aborted" });
    await vi.waitUntil(() => world.egress.asked.length > asked, { timeout: 60_000 });
    stop.abort();
    await settled;

    await vi.waitUntil(async () => (await world.containers()).length === 0, { timeout: 60_000 });
    await vi.waitUntil(() => world.inUse.size === 0, { timeout: 60_000 });
  });

  it("that others wait for outlives who asked for it first, and a sweep", async () => {
    const need = await world.need(
      {},
      { setup: ["until test -e go; do sleep 0.2; done; touch made"] },
    );
    const stop = new AbortController();
    const asked = world.egress.asked.length;
    const first = world.environments.take(need, stop.signal);
    const left = expect(first).rejects.toMatchObject({ code: "aborted" });
    const second = world.environments.take(need, never);
    await vi.waitUntil(() => world.egress.asked.length > asked, { timeout: 60_000 });

    stop.abort();
    await left;
    await sweepAway(
      docker,
      {
        owner: world.owner,
        presence: world.presence,
        inUse: world.inUse,
        layersFolder: join(world.folder, "layers"),
        layers: keepLayers(docker, { folder: join(world.folder, "layers"), image: "none" }),
      },
      [],
    );

    const [container] = await world.containers();
    expect(world.inUse).toContain(container?.Labels["nexus.session"]);
    const user = `${world.uid}:${world.uid}`;
    const go = await docker
      .getContainer(container?.Id ?? "")
      .exec({ Cmd: ["touch", "/workspace/go"], User: user });
    await go.start({ Detach: true });
    const environment = await second;
    expect(environment.pass("made")).toBe(true);
    await environment.release();
  });

  it("may be made later where somebody ended its container", async () => {
    const need = await world.need({}, { setup: ["sleep 600"] });
    const asked = world.egress.asked.length;

    const taking = world.environments.take(need, never);
    const settled = expect(taking).rejects.toMatchObject({ retryable: true });
    await vi.waitUntil(() => world.egress.asked.length > asked, { timeout: 60_000 });
    const [container] = await world.containers();
    await docker.getContainer(container?.Id ?? "").kill();

    await settled;
  });

  it("is made anew where somebody removed its image", async () => {
    const need = await world.need({}, { setup: [`${UUID} >/opt/nexus/made`] });
    const before = await world.environments.take(need, never);
    await before.release();
    await docker.getImage(before.image).remove({ force: true });

    const after = await world.environments.take(need, never);

    expect(after.image).not.toBe(before.image);
    expect(inImage(after.image, "cat /opt/nexus/made")).toMatch(/-/);
    await after.release();
  });
});

describe.skipIf(noDocker)("an engine that does not see Nexus' folder", () => {
  it("gives what a set-up made back", async () => {
    await using world = await environmentWorld({ mirrorKind: async () => "upload" });
    const setup = [
      "mkdir -p dist sub/made; cat a.txt >dist/b.txt; ln -s b.txt dist/link; echo x >>a.txt; chmod 755 dist/b.txt",
    ];
    const need = await world.need({ "a.txt": "a", "sub/kept": "" }, { setup });

    const environment = await world.environments.take(need, never);

    const [layer = ""] = environment.layers;
    expect(await readdir(layer)).toEqual(["dist"]);
    expect(await readFile(join(layer, "dist/link"), "utf8")).toBe("a");
    const { mode, uid } = await stat(join(layer, "dist/b.txt"));
    expect({ mode: mode & 0o777, uid }).toEqual({ mode: 0o755, uid: world.uid });
    const label = [`nexus.owner=${world.owner}`];
    expect((await docker.listVolumes({ filters: { label } })).Volumes ?? []).toEqual([]);
    await environment.release();
  });
});

describe.skipIf(noDocker)("the budget of environments", () => {
  it("takes away what was not used for longest, never what is in use", async () => {
    await using world = await environmentWorld({ budgetBytes: 2_500_000 });
    const make = async (name: string) =>
      await world.environments.take(
        await world.need(
          { "go.mod": name },
          { setup: ["head -c 1000000 /dev/urandom >/opt/nexus/x"] },
        ),
        never,
      );
    const used = await make("used");
    const oldest = await make("oldest");
    await oldest.release();
    const newer = await make("newer");
    await newer.release();

    const newest = await make("newest");
    await newest.release();
    await world.environments.tidy();

    const images = (await world.images()).map(({ Id }) => Id);
    expect(images).toContain(used.image);
    expect(images).toContain(newest.image);
    expect(images).not.toContain(oldest.image);
    await used.release();
  });

  it("counts what dead processes left, and removes it", async () => {
    await using world = await environmentWorld();
    const need = await world.need({}, { setup: ["true"] });
    const kept = await world.environments.take(need, never);
    const gone = `${"0".repeat(16)}-gone`;
    const container = await docker.createContainer({ Image: kept.image, Cmd: ["true"] });
    const labels = { "nexus.environment.owner": world.owner, "nexus.environment.session": gone };
    const stray: { Id: string } = await container.commit({
      repo: "nexus-environment",
      tag: "0".repeat(40),
      Labels: labels,
    } as object);
    await container.remove();

    await world.environments.tidy();

    const images = (await world.images()).map(({ Id }) => Id);
    expect(images).toContain(kept.image);
    expect(images).not.toContain(stray.Id);
    await kept.release();
  });
});

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

describe.skipIf(noDocker)("hosts that the default branch names", () => {
  it("are for set-ups and runs within the operator's ceiling", async () => {
    const egress = noWayOut();
    await using world = await environmentWorld({ egress });
    const wish = { setup: ["true"], network: ["a.example.org", "*.b.example.org"] };

    const environment = await world.environments.take(await world.need({}, wish), never);

    expect(environment.network).toEqual(["a.example.org", "*.b.example.org"]);
    expect(egress.asked).toEqual([["registry.npmjs.org", "a.example.org", "*.b.example.org"]]);
    await environment.release();
  });

  it.each(["example.org", "a.example.org.evil.net", "*.net", "a.example.net"])(
    "are refused beyond it: %s",
    async (host) => {
      await using world = await environmentWorld();
      const need = await world.need({}, { network: ["a.example.org", host] });

      await expect(world.environments.take(need, never)).rejects.toMatchObject({
        code: "sandbox.not-allowed",
        message: `The hosts ${host} are not allowed here.`,
      });
    },
  );
});
