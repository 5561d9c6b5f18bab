import type { Redact } from "../src/core/redact.ts";
import { redactedText } from "./redacted-text.ts";
import { textUpTo } from "./text-up-to.ts";

/** What one task says, gathered for a moment. */
export interface LiveText {
  take(text: string): void;
  /** Says at once what waits. */
  flush(): void;
}

interface LiveTextOptions {
  readonly redact: Redact;
  readonly bytesPerSecond: number;
  readonly onText: (text: string) => void;
  /** Nothing waits any more. */
  readonly onIdle: () => void;
}

const GATHER_MS = 50;
/** After this a line without an end is said as it is. */
const IDLE_MS = 1_000;
const SECOND_MS = 1_000;

/**
 * Gathers text for fifty milliseconds, redacts whole lines of it and passes them on. What is more than a
 * second's share is left out before it costs anything, and a note says how much that was.
 */
export function liveText(options: LiveTextOptions): LiveText {
  const redacted = redactedText(options.redact);
  const share = secondsShare(options.bytesPerSecond);
  let pending = "";
  let leftOut = 0;
  let timer: NodeJS.Timeout | undefined;
  let gathering = false;

  function say(last: boolean): void {
    let text = redacted.take(pending);
    pending = "";
    if (last || leftOut > 0) text += redacted.finish();
    if (leftOut > 0) text += `… ${leftOut} bytes left out …\n`;
    leftOut = 0;
    if (text !== "") options.onText(text);
  }

  function wait(ms: number, then: () => void): void {
    clearTimeout(timer);
    timer = setTimeout(then, ms);
    // A process that is done does not wait for what nobody may hear.
    timer.unref();
  }

  function flush(): void {
    clearTimeout(timer);
    say(true);
    options.onIdle();
  }

  function gathered(): void {
    gathering = false;
    say(false);
    wait(IDLE_MS, flush);
  }

  return {
    take(text) {
      // The note stands where something is missing, so nothing follows before it was said.
      const part = leftOut > 0 ? "" : share.partOf(text);
      pending += part;
      leftOut += Buffer.byteLength(text) - Buffer.byteLength(part);
      if (gathering) return;
      gathering = true;
      wait(GATHER_MS, gathered);
    },
    flush,
  };
}

/** A number of bytes for each second, on this process's clock. */
function secondsShare(bytesPerSecond: number) {
  let since = performance.now();
  let left = bytesPerSecond;
  return {
    partOf(text: string): string {
      const now = performance.now();
      if (now - since >= SECOND_MS) {
        since = now;
        left = bytesPerSecond;
      }
      const part = textUpTo(left, text);
      left -= Buffer.byteLength(part);
      return part;
    },
  };
}
