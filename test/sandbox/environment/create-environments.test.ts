import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { noDocker } from "../test-sandbox.ts";
import { environmentWorld, inImage } from "./environment-world.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

const never = new AbortController().signal;
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

  it("needs a tool that the image has", async () => {
    const files = { "go.mod": "module x\n\nrequire example.org/y v1.0.0\n" };

    const taking = world.environments.take(await world.need(files), never);

    await expect(taking).rejects.toMatchObject({
      code: "sandbox.setup-failed",
      message: expect.stringMatching(/^The image .* has no go\.$/),
      hint: expect.stringContaining("`image:`"),
    });
  });
});
