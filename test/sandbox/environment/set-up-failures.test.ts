import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { noDocker } from "../test-sandbox.ts";
import { environmentWorld } from "./environment-world.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

const never = new AbortController().signal;
const docker = new Docker();
const UUID = "cat /proc/sys/kernel/random/uuid";

describe.skipIf(noDocker)("a set-up", () => {
  let world: Awaited<ReturnType<typeof environmentWorld>>;
  beforeAll(async () => {
    world = await environmentWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

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
});
