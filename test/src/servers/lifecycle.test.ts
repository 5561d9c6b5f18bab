import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import { pathToFileURL } from "node:url";
import { describe, expect, it, onTestFinished } from "vitest";
import { NexusError } from "../../../src/core/errors.ts";
import { allReady, stopped } from "../../../src/servers/lifecycle.ts";

const SOURCES = pathToFileURL(`${resolve(import.meta.dirname, "../../../src")}/`).href;

/** A process whose main is this text; it knows `signal`, `stopped` and `NexusError`, and ends only when it is told to. */
function running(main: string) {
  const script = `
    import { runProcess, stopped } from "${SOURCES}servers/lifecycle.ts";
    import { NexusError } from "${SOURCES}core/errors.ts";
    setInterval(() => {}, 1000);
    await runProcess("The test", async (signal) => { ${main} });`;
  const child = spawn(process.execPath, ["--input-type=module-typescript", "-e", script], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const ready = once(child.stdout, "data");
  const said = text(child.stderr);
  const ended = once(child, "exit").then(async ([code, signal]) => ({
    code: code ?? signal,
    said: await said,
  }));
  return { child, ready, ended };
}

describe("a process", () => {
  it("ends with 0 when its main does, whatever still runs", async () => {
    const { ended } = running("");

    expect(await ended).toEqual({ code: 0, said: "" });
  });

  it.each(["SIGTERM", "SIGINT"] as const)(
    "is told to stop by %s, and ends with 0",
    async (name) => {
      const { child, ready, ended } = running(
        'console.log("up"); await stopped(signal); process.stderr.write("cleaned up");',
      );
      await ready;

      child.kill(name);

      expect(await ended).toEqual({ code: 0, said: "cleaned up" });
    },
  );

  it("that does not stop is ended by the second signal", async () => {
    const { child, ready, ended } = running(
      'console.log("up"); await stopped(signal); console.log("deaf"); await new Promise(() => {});',
    );
    await ready;
    child.kill("SIGTERM");
    await once(child.stdout, "data");

    child.kill("SIGTERM");

    expect((await ended).code).toBe(130);
  });

  it("stopped while it starts ends with 0", async () => {
    const { child, ready, ended } = running(
      'console.log("up"); await stopped(signal); signal.throwIfAborted();',
    );
    await ready;

    child.kill("SIGTERM");

    expect(await ended).toEqual({ code: 0, said: "" });
  });

  it("that fails while it stops says so", async () => {
    const { child, ready, ended } = running(
      'console.log("up"); await stopped(signal); throw new NexusError("store.unavailable", "gone");',
    );
    await ready;

    child.kill("SIGTERM");

    expect(await ended).toEqual({ code: 1, said: expect.stringContaining("- gone") });
  });
});

describe("a start that fails says what is wrong, and ends with 1", () => {
  it.each([
    [
      'throw new NexusError("config.invalid", "- A: missing\\n- B: missing", { hint: "Do this." });',
      "The test cannot start:\n- A: missing\n- B: missing\n  Do this.\n",
    ],
    [
      'throw new NexusError("server.unavailable", "No Redis.", { hint: "Start it." });',
      "The test cannot start:\n- No Redis.\n  Start it.\n",
    ],
    [
      'const one = () => new NexusError("server.unavailable", "One."); throw new AggregateError([one(), one(), new NexusError("server.unavailable", "Two.")]);',
      "The test cannot start:\n- One.\n- Two.\n",
    ],
    [
      'const of = (text) => new NexusError("config.invalid", text, { hint: "Do this." }); throw new AggregateError([of("- A: missing\\n- B: bad"), of("- B: bad\\n- C: missing")]);',
      "The test cannot start:\n- A: missing\n- B: bad\n- C: missing\n  Do this.\n",
    ],
    ['throw "text";', "The test cannot start:\n- text\n"],
  ])("%s", async (main, said) => {
    expect(await running(main).ended).toEqual({ code: 1, said });
  });

  it("a bug is told with its place", async () => {
    const { ended } = running('throw new TypeError("x is not a function");');

    expect((await ended).said).toMatch(/- TypeError: x is not a function\n\s+at /);
  });
});

describe("what must be ready together", () => {
  it("is given in order", async () => {
    const ready = await allReady([async () => 1, async () => "two"] as const);

    expect(ready).toEqual([1, "two"]);
  });

  it("fails with every problem, after all were tried", async () => {
    const tried: string[] = [];
    const failing = (name: string) => async () => {
      tried.push(name);
      throw new NexusError("server.unavailable", name);
    };

    const error: unknown = await allReady([
      failing("a"),
      async () => tried.push("b"),
      failing("c"),
    ] as const).catch((thrown: unknown) => thrown);

    expect(tried).toEqual(["a", "b", "c"]);
    expect(error).toBeInstanceOf(AggregateError);
    expect((error as AggregateError).errors.map(({ message }) => message)).toEqual(["a", "c"]);
  });
});

it("waiting for a signal ends also where it fired before", async () => {
  const stop = new AbortController();
  const waiting = stopped(stop.signal);
  stop.abort();

  await waiting;
  await stopped(stop.signal);
});
