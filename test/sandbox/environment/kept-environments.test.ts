import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import Docker from "dockerode";
import { describe, expect, it, vi } from "vitest";
import { noDocker } from "../test-sandbox.ts";
import { environmentWorld } from "./environment-world.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

const never = new AbortController().signal;
const docker = new Docker();

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
