import { describe, expect, it, vi } from "vitest";
import { noDocker } from "../test-sandbox.ts";
import { environmentWorld, noWayOut } from "./environment-world.ts";

vi.setConfig({ testTimeout: 180_000, hookTimeout: 120_000 });

const never = new AbortController().signal;

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

  it("have the operator's own registry among them, which set-ups alone are told of", async () => {
    const egress = noWayOut();
    const npmRegistry = "http://packages.example:8080/npm/";
    await using world = await environmentWorld({ egress, npmRegistry });
    const wish = { setup: [`test "$npm_config_registry" = ${npmRegistry}`] };

    const environment = await world.environments.take(await world.need({}, wish), never);

    expect(egress.asked).toEqual([["registry.npmjs.org", "packages.example"]]);
    expect(environment.env).not.toHaveProperty("npm_config_registry");
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
