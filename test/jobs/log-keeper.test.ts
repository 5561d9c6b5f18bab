import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { createLogKeeper, type LogShelf } from "../../jobs/log-keeper.ts";
import { createRedactor } from "../../src/core/redact.ts";

const SECRET = "correct-horse-battery-staple";
const KEY = [
  "-----BEGIN RSA PRIVATE KEY-----",
  ...Array.from({ length: 26 }, (_, line) => `${line}`.padStart(64, "abcdefghijklmnop")),
  "-----END RSA PRIVATE KEY-----",
].join("\n");

function world(options: { maxBytes?: number; trouble?: Error } = {}) {
  const kept: { taskId: string; digest: string; text: string; bytes: number }[] = [];
  const warned: object[] = [];
  const shelf: LogShelf = {
    async keep({ gzip, ...log }) {
      if (options.trouble) throw options.trouble;
      kept.push({ ...log, text: gunzipSync(gzip).toString() });
    },
  };
  const open = createLogKeeper({
    shelf,
    redact: createRedactor([SECRET]),
    log: { warn: (fields) => void warned.push(fields) },
    ...(options.maxBytes !== undefined && { maxBytes: options.maxBytes }),
  });
  return { open, kept, warned };
}

async function keptOf(pieces: readonly string[]): Promise<string | undefined> {
  const { open, kept } = world();
  const sink = open("t1");
  for (const piece of pieces) sink.write(piece);
  await sink.finish();
  return kept[0]?.text;
}

it("keeps all text under the digest of what is kept", async () => {
  const { open, kept } = world();
  const sink = open("t1");

  for (const piece of ["one\ntw", "o\n", "häß 日本\u{1f600}"]) sink.write(piece);
  const reference = await sink.finish();

  const text = "one\ntwo\nhäß 日本\u{1f600}";
  const digest = createHash("sha256").update(text).digest("hex");
  expect(reference).toEqual({ digest, bytes: Buffer.byteLength(text), truncated: false });
  expect(kept).toEqual([{ taskId: "t1", digest, text, bytes: Buffer.byteLength(text) }]);
});

it("keeps a log of nothing", async () => {
  const { open } = world();

  expect(await open("t1").finish()).toMatchObject({ bytes: 0, truncated: false });
});

it.each([
  ["in one piece", [`a ${SECRET} b\n`], "a [secret] b\n"],
  ["in a last line without end", [`a ${SECRET}`], "a [secret]"],
  ["of a key of several lines", [`a\n${KEY}\nb\n`], "a\n[secret]\nb\n"],
])("redacts a secret %s", async (_what, pieces, text) => {
  expect(await keptOf(pieces)).toBe(text);
});

it("redacts a secret wherever it is cut", async () => {
  const text = `before ${SECRET} behind\n`;

  for (let at = 0; at <= text.length; at++) {
    expect(await keptOf([text.slice(0, at), text.slice(at)])).toBe("before [secret] behind\n");
  }
});

it("redacts a key of several lines that comes line by line", async () => {
  const pieces = `a\n${KEY}\nb\n`.split(/(?<=\n)/);

  expect(await keptOf(pieces)).toBe("a\n[secret]\nb\n");
});

it("shows what only begins like a key", async () => {
  const text = `-----BEGIN CERTIFICATE-----\n${"abc\n".repeat(20_000)}done\n`;

  expect(await keptOf(text.split(/(?<=\n)/))).toBe(text);
});

it("redacts secrets in one endless line, wherever its parts are cut", async () => {
  const filler = "x".repeat(997);
  const pieces = Array.from({ length: 500 }, () => [
    `${filler} ${SECRET.slice(0, 9)}`,
    `${SECRET.slice(9)} `,
  ]);

  const text = await keptOf(pieces.flat());

  expect(text).toBe(`${filler} [secret] `.repeat(500));
});

it("keeps memory of an endless line bounded", async () => {
  const text = await keptOf(Array.from({ length: 200 }, () => "y".repeat(65_536)));

  expect(text?.length).toBe(200 * 65_536);
});

it.each([
  [10, "0123456789", true],
  [11, "0123456789", true],
  [12, "0123456789ä", true],
  [15, "0123456789äend", false],
])("keeps no more than %i bytes, whole characters only", async (maxBytes, text, truncated) => {
  const { open, kept } = world({ maxBytes });
  const sink = open("t1");

  sink.write("01234");
  sink.write("56789äend");
  if (truncated) sink.write("!");

  expect(await sink.finish()).toMatchObject({ truncated });
  expect(kept[0]?.text).toBe(text);
});

it("costs the command nothing when it cannot be kept, and tells so", async () => {
  const { open, warned } = world({ trouble: new Error("no database") });
  const sink = open("t1");
  sink.write("text\n");

  expect(await sink.finish()).toBeUndefined();
  expect(warned).toEqual([{ taskId: "t1", err: expect.any(Error) }]);
});
