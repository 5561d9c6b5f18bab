import type { Edit } from "../src/core/change-set.ts";
import type { RunOptions, SandboxSession } from "../src/core/sandbox.ts";
import { CHANGE_LIMITS, readChanges } from "./changes/read-changes.ts";
import { killContainer, runCommand, type Workshop } from "./command/command-runner.ts";
import { lookInside } from "./command/inside.ts";
import { orDiskFull } from "./engine/disk-full.ts";
import { createFreezer, type Freezer } from "./freezer.ts";
import { createGate } from "./gate.ts";
import { holdUntil } from "./hold.ts";
import { type Opened, roomOf } from "./open-container.ts";
import { readFileIn } from "./read-file.ts";
import type { Site } from "./site.ts";

/** Opens a session over a started container. Aborting the signal kills the container, unless it is held. */
export function openSession(site: Site, opened: Opened, signal: AbortSignal): SandboxSession {
  const { container, user, record } = opened;
  const shop = workshopIn(site, opened, signal);
  const freezer = createFreezer(opened);
  const gate = createGate(container, signal);
  // What goes wrong here is met again at the end, and by the sweep.
  const kill = () => void killContainer(container).catch(() => undefined);
  const spare = () => signal.removeEventListener("abort", kill);
  signal.addEventListener("abort", kill, { once: true });

  return {
    image: record.image,
    run(command, options = {}) {
      const env = { ...opened.env, ...options.env };
      return gate.use(() => run({ site, shop, command, options: { ...options, env } }));
    },
    readFile: (path, maxBytes) =>
      gate.use(() => readFileIn({ container, user, path, maxBytes, signal })),
    changes: () =>
      gate.freeze(async () => {
        try {
          return await readEdits({ site, opened, freezer });
        } catch (error) {
          throw await orDiskFull(roomOf(site), error);
        }
      }),
    hold: (why) =>
      gate.keep(async () => {
        spare();
        await freezer.pause();
        return await holdUntil(site, record, why);
      }),
    async [Symbol.asyncDispose]() {
      if (!gate.close()) return;
      spare();
      const held = site.toHold.delete(record.session);
      // What cannot be taken away now is the sweep's. Thrown, it would hide what has happened before.
      await (held ? opened.leave() : opened.discard()).catch(() => undefined);
    },
  };
}

function workshopIn(site: Site, opened: Opened, signal: AbortSignal): Workshop {
  const { container, user, layer, workspace } = opened;
  const { openLog, onOutput, limits, minFreeBytes } = site;
  const { taskId } = workspace;
  const inside = lookInside(container, user, signal);
  return {
    container,
    user,
    layer,
    signal,
    limits,
    minFreeBytes,
    inside,
    openLog: openLog && (() => openLog(taskId)),
    onOutput: onOutput && ((text) => onOutput(taskId, text)),
  };
}

interface Run {
  readonly site: Site;
  readonly shop: Workshop;
  readonly command: readonly string[];
  readonly options: RunOptions;
}

async function run({ site, shop, command, options }: Run) {
  const result = runCommand(shop, command, options);
  site.onStep("command-started");
  const ended = await result;
  site.onStep("command-ended");
  return ended;
}

interface Reading {
  readonly site: Site;
  readonly opened: Opened;
  readonly freezer: Freezer;
}

async function readEdits({ site, opened, freezer }: Reading): Promise<readonly Edit[]> {
  await freezer.still();
  site.onStep("changes-frozen");
  const difference = await opened.mirror.difference();
  const edits = await readChanges(difference, { scratch: opened.layer, limits: CHANGE_LIMITS });
  site.onStep("changes-read");
  return edits;
}
