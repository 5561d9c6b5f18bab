import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { waitFor } from "../../../src/models/retry.ts";
import { watchOver } from "../../../src/models/watch.ts";
import type { Turn } from "../../world/model/script.ts";
import { startScriptedModel } from "../../world/model/scripted-model.ts";
import { rateLimitedThen500ThenHangs, sequence } from "../../world/model/scripts.ts";
import { asking, modelAt, patience } from "./asking.ts";

/** A server that begins a stream and then falls silent. */
async function stalling(begun: (response: ServerResponse) => void = () => {}) {
  const server = createServer((request, response) => {
    request.resume();
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write('data: {"choices":[{"delta":{"content":"half"}}]}\n\n', () => begun(response));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  // A TCP server's address is never a pipe's name.
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/v1`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

describe("a call that takes too long", () => {
  it("ends at the deadline when the vendor never answers", async () => {
    await using server = await startScriptedModel(() => ({ hang: true }));
    const { model, waits } = modelAt(server.url, { timeoutMs: 100 });

    const reply = model.reply(asking(), patience());

    await expect(reply).rejects.toMatchObject({ code: "model.timeout", retryable: true });
    expect(waits).toEqual([]);
  });

  it("ends at the deadline in the middle of a stream", async () => {
    await using server = await stalling();
    const { model } = modelAt(server.url, { timeoutMs: 100 });

    const reply = model.reply(asking(), patience());

    await expect(reply).rejects.toMatchObject({ code: "model.timeout" });
  });

  it("counts a silent try as lost and tries again", async () => {
    await using server = await startScriptedModel(sequence([{ hang: true }, { text: "awake" }]));
    const { model, waits } = modelAt(server.url, { idleMs: 700 });

    const reply = await model.reply(asking(), patience());

    expect(reply.text).toBe("awake");
    expect(waits).toHaveLength(1);
  });

  it("counts a stream that falls silent as lost", async () => {
    await using server = await stalling();
    const { model } = modelAt(server.url, { idleMs: 100, maxTries: 2 });

    const reply = model.reply(asking(), patience());

    await expect(reply).rejects.toMatchObject({ code: "model.timeout" });
    await expect(reply).rejects.toThrow("sent nothing");
  });

  it("survives a vendor in trouble until it hangs for ever", async () => {
    await using server = await startScriptedModel(rateLimitedThen500ThenHangs());
    const { model, waits } = modelAt(server.url, { timeoutMs: 2000, random: () => 0.1 });

    const reply = model.reply(asking(), patience());

    await expect(reply).rejects.toMatchObject({ code: "model.timeout" });
    expect(server.requests).toHaveLength(3);
    expect(waits).toEqual([1, 200]);
  });
});

describe("a call that is stopped", () => {
  it("asks nobody when it was stopped before", async () => {
    await using server = await startScriptedModel(() => ({ text: "ok" }));
    const { model } = modelAt(server.url);

    const reply = model.reply(asking(), AbortSignal.abort());

    await expect(reply).rejects.toMatchObject({ code: "aborted", retryable: false });
    expect(server.requests).toEqual([]);
  });

  it("ends while the vendor thinks, without another try", async () => {
    const stop = new AbortController();
    await using server = await startScriptedModel(() => {
      stop.abort();
      return { hang: true };
    });
    const { model, waits } = modelAt(server.url);

    const reply = model.reply(asking(), stop.signal);

    await expect(reply).rejects.toMatchObject({ code: "aborted" });
    expect(server.requests).toHaveLength(1);
    expect(waits).toEqual([]);
  });

  it("ends in the middle of a stream and hangs up", async () => {
    const stop = new AbortController();
    const hungUp = Promise.withResolvers<void>();
    await using server = await stalling((response) => {
      response.on("close", () => hungUp.resolve());
      stop.abort();
    });
    const { model } = modelAt(server.url);

    const reply = model.reply(asking(), stop.signal);

    await expect(reply).rejects.toMatchObject({ code: "aborted" });
    await hungUp.promise;
  });

  it("ends while waiting for another try", async () => {
    const stop = new AbortController();
    await using server = await startScriptedModel(() => ({
      status: 429,
      headers: { "retry-after": "15" },
    }));
    const { model } = modelAt(server.url, {
      wait: (ms, signal) => {
        const waiting = waitFor(ms, signal);
        stop.abort();
        return waiting;
      },
    });

    const reply = model.reply(asking(), stop.signal);

    await expect(reply).rejects.toMatchObject({ code: "aborted" });
    expect(server.requests).toHaveLength(1);
  });

  it("hangs up on a vendor whose answer is of no use", async () => {
    const hungUp = Promise.withResolvers<void>();
    await using endless = await stalling((response) => {
      response.on("close", () => hungUp.resolve());
      response.write('data: {"error":{"code":400,"message":"no"}}\n\n');
    });
    const { model } = modelAt(endless.url);

    const reply = model.reply(asking(), patience());

    await expect(reply).rejects.toMatchObject({ code: "model.bad-request" });
    await hungUp.promise;
  });
});

describe("tries and waits", () => {
  const limited = (headers: Record<string, string>): Turn => ({ status: 429, headers });

  it.each<[string, Turn[], number[]]>([
    ["doubles with jitter", [{ status: 503 }, { status: 503 }, { status: 500 }], [500, 1000, 2000]],
    [
      "does what the vendor asks",
      [limited({ "retry-after-ms": "7" }), limited({ "retry-after": "2" })],
      [7, 2000],
    ],
    ["waits no longer than allowed", [limited({ "retry-after": "3600" })], [5000]],
    ["reads reset headers", [limited({ "x-ratelimit-reset-requests": "1s500ms" })], [1500]],
    [
      "also waits where an overloaded vendor asks",
      [{ status: 503, headers: { "retry-after": "3" } }],
      [3000],
    ],
    ["also after a cut", [{ cut: true }], [500]],
    ["also after nonsense", [{ raw: "data: nonsense\n\n" }], [500]],
  ])("%s", async (_, trouble, expected) => {
    await using server = await startScriptedModel(sequence([...trouble, { text: "at last" }]));
    const { model, waits } = modelAt(server.url, { maxWaitMs: 5000 });

    const reply = await model.reply(asking(), patience());

    expect(reply.text).toBe("at last");
    expect(reply.usage.calls).toBe(1);
    expect(waits).toEqual(expected);
  });

  it("caps the doubling too", async () => {
    await using server = await startScriptedModel(() => ({ status: 500 }));
    const { model, waits } = modelAt(server.url, { maxTries: 6, maxWaitMs: 3000 });

    const reply = model.reply(asking(), patience());

    await expect(reply).rejects.toMatchObject({ code: "model.overloaded" });
    expect(waits).toEqual([500, 1000, 1500, 1500, 1500]);
  });

  it("gives up after four tries with the last error and the wait the vendor asked for", async () => {
    await using server = await startScriptedModel(() => limited({ "retry-after": "9" }));
    const { model, waits } = modelAt(server.url);

    const reply = model.reply(asking(), patience());

    await expect(reply).rejects.toMatchObject({
      code: "model.rate-limited",
      retryable: true,
      retryAfterMs: 9000,
    });
    expect(server.requests).toHaveLength(4);
    expect(waits).toEqual([9000, 9000, 9000]);
  });

  it("does not begin a wait that would outlast the call", async () => {
    await using server = await startScriptedModel(() => limited({ "retry-after": "30" }));
    const { model, waits } = modelAt(server.url, { timeoutMs: 20_000 });

    const reply = model.reply(asking(), patience());

    await expect(reply).rejects.toMatchObject({ code: "model.rate-limited", retryAfterMs: 30_000 });
    expect(waits).toEqual([]);
  });
});

describe("the watch over one try", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const limits = () => ({ caller: patience(), deadline: patience(), idleMs: 1000 });

  it("is patient as long as something is heard", () => {
    using watch = watchOver(limits());
    for (let n = 0; n < 5; n += 1) {
      vi.advanceTimersByTime(900);
      watch.heard();
    }

    expect(watch.signal.aborted).toBe(false);

    vi.advanceTimersByTime(1000);

    expect(watch.signal.aborted).toBe(true);
    expect(watch.ended()).toBe("silence");
  });

  it("leaves no timer behind", () => {
    {
      using _ = watchOver(limits());
    }

    expect(vi.getTimerCount()).toBe(0);
  });
});
