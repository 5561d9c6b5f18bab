import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noDocker } from "../test-sandbox.ts";
import { environmentWorld, inImage, noWayOut } from "./environment-world.ts";

const never = new AbortController().signal;
type World = Awaited<ReturnType<typeof environmentWorld>>;

describe.skipIf(noDocker)("an environment", () => {
  let world: World;
  beforeAll(async () => {
    world = await environmentWorld();
  });
  afterAll(() => world[Symbol.asyncDispose]());

  it("is Nexus' own image where nothing is to be installed", async () => {
    const need = await world.need({ Makefile: "test:\n\ttrue\n" });

    const environment = await world.environments.take(need, never);

    expect(environment).toMatchObject({ layers: [], network: [] });
    expect(environment.image).toMatch(/^sha256:/);
    expect(environment.pass("node_modules")).toBe(false);
    expect(await world.images()).toEqual([]);
    await environment.release();
  });

  it("is made by the commands that the default branch names, over the source", async () => {
    const setup = [
      "test -f src/a.txt && mkdir -p /opt/nexus/bin dist sub/made",
      "printf '#!/bin/sh\\necho tool\\n' >/opt/nexus/bin/tool && chmod +x /opt/nexus/bin/tool",
      "cp src/a.txt dist/b.txt; echo x >>src/a.txt; echo y >sub/made/y; echo z >.env",
    ];
    const need = await world.need({ "src/a.txt": "a", "sub/kept": "" }, { setup });

    const environment = await world.environments.take(need, never);

    const [layer = ""] = environment.layers;
    expect(inImage(environment.image, "tool", environment.env)).toBe("tool");
    expect(await readFile(join(layer, "dist/b.txt"), "utf8")).toBe("a");
    expect((await readdir(layer)).sort()).toEqual([".env", "dist", "sub"]);
    expect(await readdir(join(layer, "sub"))).toEqual(["made"]);
    expect(["dist", "sub/made", ".env", "src", "src/a.txt", "sub"].map(environment.pass)).toEqual([
      true,
      true,
      true,
      false,
      false,
      false,
    ]);
    await environment.release();
  });
});
