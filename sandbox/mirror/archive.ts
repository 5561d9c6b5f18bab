import { createReadStream } from "node:fs";
import { readlink } from "node:fs/promises";
import type { FrozenAt } from "../changes/frozen-tree.ts";
import { bytesOf } from "../changes/raw-path.ts";

const BLOCK = 512;
// Eleven octal digits.
const MAX_NUMBER = 8 ** 11 - 1;
const SHORT_NAME = /^[\x20-\x7e]{1,100}$/;
const KIND = { folder: "5", link: "2", file: "0", other: "" } as const;

/** Under which folder the entries of an archive lie, and who owns them. */
export interface Packing {
  readonly folder: string;
  readonly uid: number;
}

/** A tar archive of frozen files, piece by piece. Names and targets of links are kept byte by byte. */
export async function* archiveOf(
  entries: Iterable<FrozenAt>,
  { folder, uid }: Packing,
): AsyncGenerator<Buffer> {
  yield* headersOf({
    name: bytesOf(`${folder}/`),
    kind: "5",
    mode: 0o755,
    seconds: 0,
    size: 0,
    uid,
  });
  for (const { path, kind, stats, place } of entries) {
    // Sockets and the like are nothing that a commit or an installation needs.
    if (kind === "other") continue;
    const target = kind === "link" ? await readlink(place, { encoding: "buffer" }) : undefined;
    const size = kind === "file" ? Number(stats.size) : 0;
    const mode = Number(stats.mode & 0o777n);
    const seconds = Number(stats.mtimeNs / 1_000_000_000n);
    const name = bytesOf(`${folder}/${path}`);
    yield* headersOf({ name, target, kind: KIND[kind], mode, seconds, size, uid });
    if (kind === "file") yield* createReadStream(place) as AsyncIterable<Buffer>;
    yield padding(size);
  }
  yield Buffer.alloc(2 * BLOCK);
}

interface Header {
  readonly name: Buffer;
  readonly target?: Buffer | undefined;
  readonly kind: string;
  readonly mode: number;
  readonly seconds: number;
  readonly size: number;
  readonly uid: number;
}

/** What the old format has no room for goes into an extended header before. */
function* headersOf(header: Header): Generator<Buffer> {
  const { name, target = Buffer.alloc(0) } = header;
  const extended = Buffer.concat([
    ...(isShort(name) ? [] : [record("path", name)]),
    ...(target.length === 0 || isShort(target) ? [] : [record("linkpath", target)]),
    ...(header.size <= MAX_NUMBER ? [] : [record("size", bytesOf(String(header.size)))]),
  ]);
  if (extended.length > 0) {
    yield block({
      ...header,
      name: bytesOf("extended"),
      target: undefined,
      kind: "x",
      size: extended.length,
    });
    yield extended;
    yield padding(extended.length);
  }
  yield block(header);
}

function isShort(bytes: Buffer): boolean {
  return SHORT_NAME.test(bytes.toString("latin1"));
}

/** `length key=value\n`, whose length counts itself. */
function record(key: string, value: Buffer): Buffer {
  const rest = Buffer.concat([Buffer.from(` ${key}=`), value, Buffer.from("\n")]);
  let length = rest.length + 1;
  while (String(length).length + rest.length > length) length += 1;
  return Buffer.concat([Buffer.from(String(length)), rest]);
}

function block({ name, target, kind, mode, seconds, size, uid }: Header): Buffer {
  const bytes = Buffer.alloc(BLOCK);
  const octal = (value: number, at: number, digits: number) =>
    bytes.write(value.toString(8).padStart(digits, "0"), at, "latin1");
  name.copy(bytes, 0, 0, 100);
  octal(mode, 100, 7);
  octal(uid, 108, 7);
  octal(uid, 116, 7);
  // The extended header says it then.
  octal(size <= MAX_NUMBER ? size : 0, 124, 11);
  octal(Math.min(Math.max(0, seconds), MAX_NUMBER), 136, 11);
  bytes.fill(" ", 148, 156);
  bytes.write(kind, 156, "latin1");
  target?.copy(bytes, 157, 0, 100);
  bytes.write("ustar\0" + "00", 257, "latin1");
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
  return bytes;
}

function padding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}
