import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { boundedSignal } from "../../jobs/bounded-signal.ts";

const DAY_MS = 86_400_000;

describe("a bounded signal", () => {
  it("fires with any of its parents, with that one's reason, and is not out of time then", () => {
    const [one, other] = [new AbortController(), new AbortController()];
    using bounds = boundedSignal([one.signal, other.signal], DAY_MS);

    other.abort(new Error("enough"));

    expect(bounds.signal.aborted).toBe(true);
    expect(bounds.signal.reason).toEqual(new Error("enough"));
    expect(bounds.limit.aborted).toBe(false);
  });

  it("has fired where a parent has fired before", () => {
    using bounds = boundedSignal([AbortSignal.abort("before")], DAY_MS);

    expect(bounds.signal.reason).toBe("before");
  });

  it("fires when its time is up, and says so", async () => {
    using bounds = boundedSignal([], 1);

    await new Promise((fired) => bounds.signal.addEventListener("abort", fired));

    expect(bounds.limit.aborted).toBe(true);
  });

  it("leaves nothing behind at its parents once it is disposed of, and fires no more", () => {
    const parent = new AbortController();
    const bounds = boundedSignal([parent.signal], DAY_MS);
    bounds.signal.addEventListener("abort", () => undefined);

    bounds[Symbol.dispose]();
    parent.abort();

    expect(bounds.signal.aborted).toBe(false);
    expect(getEventListeners(parent.signal, "abort")).toEqual([]);
  });
});
