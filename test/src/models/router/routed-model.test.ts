import { describe, expect, it } from "vitest";
import { NexusError } from "../../../../src/core/errors.ts";
import { routedModel } from "../../../../src/models/router/routed-model.ts";
import type { Script, Turn } from "../../../world/model/script.ts";
import { sequence } from "../../../world/model/scripts.ts";
import { asking } from "../asking.ts";
import { never, startRouting } from "./routing.ts";

const says =
  (text: string): Script =>
  () => ({ text });
const always =
  (turn: Turn): Script =>
  () =>
    turn;
const error = (code: string, message = "no") => ({ error: { message, code, type: "x" } });

describe("where the first model is out, the next one is asked in the same call", () => {
  it.each<[string, Turn, string, number]>([
    ["overloaded", { status: 503 }, "model.overloaded", 3],
    ["broken", { cut: true }, "model.unreachable", 3],
    ["not intelligible", { raw: "<html>", type: "text/html" }, "model.malformed", 3],
    ["not to be used with this key", { status: 401 }, "model.auth", 1],
    ["out of credit", { status: 402 }, "model.spend-limit", 1],
    [
      "not there",
      { status: 404, body: error("model_not_found", "The model does not exist") },
      "model.missing",
      1,
    ],
    [
      "limited for longer than it is waited for",
      { status: 429, headers: { "retry-after": "3600" } },
      "model.rate-limited",
      1,
    ],
  ])("%s", async (...[, turn, code, tries]) => {
    await using at = await startRouting([always(turn), says("from the second")]);

    const reply = await at.model.reply(asking(), never);

    expect(reply.text).toBe("from the second");
    expect(reply.served).toMatchObject({ provider: "local", model: "m2", waitedMs: 0 });
    const attempt = { provider: "local", model: "m1", code };
    expect(reply.served?.attempts).toMatchObject(Array(tries).fill(attempt));
    expect(at.asked()).toEqual([tries, 1]);
  });

  it("and the next one of those, never beyond the list", async () => {
    const scripts = [always({ status: 500 }), always({ status: 401 }), says("third"), says("4")];
    await using at = await startRouting(scripts);

    const reply = await at.model.reply(asking(), never);

    expect(reply.text).toBe("third");
    expect(at.asked()).toEqual([3, 1, 1, 0]);
  });
});

describe("what is no outage is the answer, whatever the list still has", () => {
  it.each<[string, Turn, string]>([
    ["refused", { finish: "content_filter", text: "" }, "model.refused"],
    ["a bad request", { status: 400, body: error("x", "Invalid value") }, "model.bad-request"],
    [
      "too long",
      { status: 400, body: error("context_length_exceeded", "too long") },
      "model.context-too-long",
    ],
  ])("%s", async (_name, turn, code) => {
    await using at = await startRouting([always(turn), says("second")]);

    await expect(at.model.reply(asking(), never)).rejects.toMatchObject({ code });
    expect(at.asked()).toEqual([1, 0]);
  });

  it("stopped by its caller", async () => {
    const stopping = new AbortController();
    const stops: Script = () => {
      stopping.abort();
      return { hang: true };
    };
    await using at = await startRouting([stops, says("second")]);

    await expect(at.model.reply(asking(), stopping.signal)).rejects.toMatchObject({
      code: "aborted",
    });
    expect(at.asked()).toEqual([1, 0]);
  });

  it("no money left", async () => {
    await using at = await startRouting([says("never"), says("second")]);
    const broke = new NexusError("model.budget-exhausted", "Nothing left.");
    const reply = () => Promise.reject(broke);

    const asked = routedModelWith(at, reply).reply(asking(), never);

    await expect(asked).rejects.toBe(broke);
    expect(at.asked()).toEqual([0, 0]);
  });
});

describe("what was too long for one model", () => {
  const tooLong = always({ status: 400, body: error("context_length_exceeded", "too long") });

  it("goes to a larger one, past those that are not", async () => {
    const scripts = [tooLong, says("as small"), says("unknown"), says("large")];
    await using at = await startRouting(scripts, { sizes: [1000, 1000, undefined, 2000] });

    const reply = await at.model.reply(asking(), never);

    expect(reply.text).toBe("large");
    expect(at.asked()).toEqual([1, 0, 0, 1]);
  });
});

describe("tries and waits", () => {
  it("what fails in passing is tried again, as the server wishes, before another is asked", async () => {
    const script = sequence([
      { status: 429, headers: { "retry-after": "7" } },
      { status: 503 },
      { text: "at last" },
    ]);
    await using at = await startRouting([script, says("second")]);

    const reply = await at.model.reply(asking(), never);

    expect(reply.text).toBe("at last");
    expect(at.waits).toEqual([7_000, 1_000]);
    expect(reply.served).toMatchObject({ model: "m1", attempts: [{}, {}] });
    expect(at.asked()).toEqual([3, 0]);
  });

  it("a server's wish is followed no longer than a minute where nobody else is left", async () => {
    const script = sequence([
      { status: 429, headers: { "retry-after": "3600" } },
      { text: "at last" },
    ]);
    await using at = await startRouting([script]);

    const reply = await at.model.reply(asking(), never);

    expect(reply.text).toBe("at last");
    expect(at.waits).toEqual([60_000]);
  });

  it("all together end within the time of a call", async () => {
    const limited = always({ status: 429, headers: { "retry-after": "50" } });
    await using at = await startRouting([limited], { timeoutMs: 90_000 });

    await expect(at.model.reply(asking(), never)).rejects.toMatchObject({
      code: "model.rate-limited",
    });
    expect(at.waits).toEqual([50_000]);
  });

  it("the last one is given all its tries, and the failure tells of every model", async () => {
    await using at = await startRouting([always({ status: 503 }), always({ status: 500 })]);

    const asked = at.model.reply(asking(), never);

    await expect(asked).rejects.toMatchObject({
      code: "model.overloaded",
      message: expect.stringMatching(/^local:m1: .* local:m2: /),
    });
    expect(at.asked()).toEqual([3, 4]);
    await expect(asked).rejects.not.toThrow(/sk-of-the-test/);
  });
});

describe("what somebody may have seen", () => {
  it("is not begun again, neither by the same model nor by another one", async () => {
    await using at = await startRouting([always({ cut: true }), says("second")]);
    const seen: string[] = [];

    const asked = at.model.reply(asking(), never, (event) => void seen.push(event.kind));

    await expect(asked).rejects.toMatchObject({ code: "model.unreachable" });
    expect(seen).not.toEqual([]);
    expect(at.asked()).toEqual([1, 0]);
  });

  it("and a failure before anything was seen does go on to the next", async () => {
    await using at = await startRouting([always({ status: 401 }), says("second")]);
    const seen: string[] = [];

    await at.model.reply(asking(), never, (event) => {
      if (event.kind === "text") seen.push(event.text);
    });

    expect(seen.join("")).toBe("second");
  });
});

describe("a model that fails again and again", () => {
  it("is passed over until it has rested, and the reason is told", async () => {
    await using at = await startRouting([always({ status: 503 }), says("second")]);
    for (let count = 0; count < 2; count++) await at.model.reply(asking(), never);
    const before = at.asked()[0];

    const reply = await at.model.reply(asking(), never);

    expect(before).toBeGreaterThanOrEqual(5);
    expect(at.asked()[0]).toBe(before);
    expect(reply.served?.attempts).toEqual([
      { provider: "local", model: "m1", code: "model.overloaded", waitedMs: 0 },
    ]);
  });

  it("is asked again after its rest, by one call first", async () => {
    let isUp = false;
    const flaky: Script = () => (isUp ? { text: "back" } : { status: 503 });
    await using at = await startRouting([flaky, says("second")]);
    for (let count = 0; count < 2; count++) await at.model.reply(asking(), never);
    isUp = true;
    at.pass(60_000);

    const reply = await at.model.reply(asking(), never);

    expect(reply.text).toBe("back");
  });

  it("is waited for where there is no other one", async () => {
    const down: Turn[] = Array(6).fill({ status: 503 });
    await using at = await startRouting([sequence([...down, { text: "back" }])]);
    await expect(at.model.reply(asking(), never)).rejects.toMatchObject({
      code: "model.overloaded",
    });
    await expect(at.model.reply(asking(), never)).resolves.toMatchObject({ text: "back" });
    expect(at.asked()).toEqual([7]);
  });

  it("and one whose key is refused is not waited for", async () => {
    await using at = await startRouting([always({ status: 401 })]);
    await expect(at.model.reply(asking(), never)).rejects.toMatchObject({ code: "model.auth" });

    await expect(at.model.reply(asking(), never)).rejects.toMatchObject({
      code: "model.auth",
      message: "Every model of the list failed a moment ago.",
    });
    expect(at.asked()).toEqual([1]);
    expect(at.waits).toEqual([]);
  });
});

/** The same list with a first model that does what the test says. */
function routedModelWith(
  at: Awaited<ReturnType<typeof startRouting>>,
  reply: () => Promise<never>,
) {
  const [first, ...others] = at.candidates;
  if (!first) throw new Error("A list has at least one model.");
  return routedModel([{ ...first, model: { name: "broke", reply } }, ...others], at.parts);
}
