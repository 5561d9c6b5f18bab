import { describe, expect, it } from "vitest";
import { NexusError } from "../../src/core/errors.ts";
import { createRedactor } from "../../src/core/redact.ts";
import { logLines } from "../world/log-lines.ts";

const CANARY = "canary-7Qm2!xV9/pL4";

function canaryLog() {
  return logLines(createRedactor([CANARY]));
}

/** An error as a driver throws it, with what it was asked to do. */
function driverError(message: string, argument = "hidden-argument") {
  return Object.assign(new Error(message), { command: { args: [argument] }, code: "EX" });
}

describe("a secret is not in the log", () => {
  const places: readonly (readonly [string, (log: ReturnType<typeof logLines>["log"]) => void])[] =
    [
      ["in the message", (log) => log.info(`key ${CANARY}`)],
      ["in a field", (log) => log.info({ url: `http://x/?k=${CANARY}` }, "asked")],
      ["deep in a field", (log) => log.info({ a: [{ b: { c: CANARY } }] }, "asked")],
      ["as the name of a field", (log) => log.info({ [CANARY]: 1 }, "asked")],
      ["in an error", (log) => log.error({ err: new Error(CANARY) }, "failed")],
      ["in the error alone", (log) => log.error(new Error(CANARY))],
      [
        "in an error's cause's cause",
        (log) => {
          const root = new Error(CANARY);
          const cause = new Error("middle", { cause: root });
          log.error({ err: new NexusError("git.failed", "top", { cause }) }, "failed");
        },
      ],
      ["in what was thrown and is no error", (log) => log.error({ err: CANARY }, "failed")],
      [
        "in an error under another name",
        (log) => log.error({ error: driverError("", CANARY) }, "x"),
      ],
      ["for a child", (log) => log.child({ token: CANARY }).info("asked")],
      ["in base64", (log) => log.info({ body: Buffer.from(CANARY).toString("base64") }, "asked")],
      ["cut short", (log) => log.info(CANARY.slice(0, 12))],
    ];

  it.each(places)("%s", (_name, write) => {
    const { log, lines } = canaryLog();

    write(log);

    expect(lines).toHaveLength(1);
    expect(lines.join("")).toContain("[secret]");
    expect(lines.join("")).not.toContain(CANARY.slice(0, 8));
    expect(() => JSON.parse(lines.join(""))).not.toThrow();
  });
});

describe("a line stays one JSON line", () => {
  it.each([
    ["a key that was cut off", "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQ\nEA"],
    ["a key that was cut off, quoted", '"-----BEGIN PRIVATE KEY-----\nMIIEowIBAAKCAQ"'],
    ["a whole key", "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----\n"],
    ["an address with a password", "https://me:passw0rd@example.org/x"],
  ])("with %s", (_name, message) => {
    const { log, lines } = canaryLog();

    log.info({ message, other: "still here", by: "ana@example.org" }, "asked");

    const [line = ""] = lines;
    expect(line.endsWith("}\n")).toBe(true);
    expect(JSON.parse(line)).toMatchObject({ other: "still here", msg: "asked" });
    expect(line).not.toMatch(/MII|passw0rd/);
  });

  it("with an address before the name of a person", () => {
    const { log, lines } = canaryLog();

    log.info({ url: "http://127.0.0.1:3000", count: 5, by: ["ana@example.org"] }, "asked");

    expect(JSON.parse(lines.join(""))).toMatchObject({
      url: "http://127.0.0.1:3000",
      count: 5,
      by: ["ana@example.org"],
    });
  });

  it("with line breaks in the message", () => {
    const { log, lines } = canaryLog();

    log.info("one\ntwo\r\nthree");

    expect(lines.join("").match(/\n/g)).toHaveLength(1);
  });
});

describe("an error", () => {
  it("is told with its code and its causes, and nothing else that it carries", () => {
    const { log, lines } = canaryLog();
    const cause = driverError("connection refused");

    log.error({ err: new NexusError("store.unavailable", "gone", { cause }) }, "failed");

    const line = JSON.parse(lines.join(""));
    expect(line.err).toMatchObject({
      type: "NexusError",
      code: "store.unavailable",
      message: "gone",
      cause: { type: "Error", code: "EX", message: "connection refused" },
    });
    expect(lines.join("")).not.toContain("hidden-argument");
  });

  it("that is its own cause is told once and not for ever", () => {
    const { log, lines } = canaryLog();
    const error = new Error("around and around");
    error.cause = error;

    log.error({ err: error }, "failed");

    expect(JSON.parse(lines.join("")).err.message).toBe("around and around");
  });
});
