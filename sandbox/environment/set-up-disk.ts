import type Docker from "dockerode";
import { layerSize } from "../command/layer-size.ts";
import { ask } from "../engine/engine.ts";

const LOOK_MS = 2_000;

/** A look at what a set-up has written, in its workspace and in its container. */
export interface SetUpDisk {
  /** Fires when it is too much. */
  readonly full: AbortSignal;
  /** Counts at once. */
  count(): Promise<number>;
  stop(): void;
}

/** Watches a set-up from time to time. A bound, not a wall: what is written between two looks comes on top. */
export function watchSetUp(
  container: Docker.Container,
  at: { readonly workspace: string; readonly maxBytes: number },
): SetUpDisk {
  const full = new AbortController();
  let looking = false;

  async function count(): Promise<number> {
    const info = await ask("tell the size of a container", (abortSignal) =>
      container.inspect({ size: true, abortSignal } as Docker.ContainerInspectOptions),
    );
    const written = (await layerSize(at.workspace)) + ((info as { SizeRw?: number }).SizeRw ?? 0);
    if (written > at.maxBytes) full.abort();
    return written;
  }

  async function look(): Promise<void> {
    if (looking) return;
    looking = true;
    await count().finally(() => {
      looking = false;
    });
  }

  // A look that fails is followed by the next one.
  const timer = setInterval(() => void look().catch(() => undefined), LOOK_MS);
  timer.unref();
  return { full: full.signal, count, stop: () => clearInterval(timer) };
}
