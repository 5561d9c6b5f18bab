import { tmpdir } from "node:os";
import { setImmediate as othersTurn } from "node:timers/promises";
import type Docker from "dockerode";
import { expect, it } from "vitest";
import { keepLayers } from "../../../sandbox/mirror/layers.ts";

/** An engine that goes away while a cleaning container is started. */
function engineGoingAway(removed: string[]): Docker {
  const container = {
    wait: () => Promise.reject(new Error("socket hang up")),
    async start() {
      await othersTurn();
      throw new Error("connect ECONNREFUSED");
    },
    remove: async () => removed.push("container"),
  };
  return { createContainer: async () => container } as unknown as Docker;
}

it("says that a layer is not removed where the engine goes away meanwhile, and Nexus lives on", async () => {
  const removed: string[] = [];
  const layers = keepLayers(engineGoingAway(removed), { folder: tmpdir(), image: "any" });

  // No process can remove what bears such a name.
  const removing = layers.remove("zero\0");

  await expect(removing).rejects.toMatchObject({ code: "sandbox.unavailable" });
  expect(removed).toEqual(["container"]);
});
