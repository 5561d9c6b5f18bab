const BLOCK = 512;

/** A tar archive that holds one folder of this user's, and nothing else. */
export function folderArchive(path: string, uid: number): Buffer {
  const header = Buffer.alloc(BLOCK);
  const fields: readonly (readonly [number, string])[] = [
    [0, path],
    [100, `${octal(0o755, 7)}\0`],
    [108, `${octal(uid, 7)}\0`],
    [116, `${octal(uid, 7)}\0`],
    [124, `${octal(0, 11)}\0`],
    [136, `${octal(0, 11)}\0`],
    // The sum counts itself as spaces.
    [148, " ".repeat(8)],
    [156, "5"],
    [257, "ustar\0"],
    [263, "00"],
  ];
  for (const [at, text] of fields) header.write(text, at, "latin1");
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${octal(sum, 6)}\0 `, 148, "latin1");
  return Buffer.concat([header, Buffer.alloc(2 * BLOCK)]);
}

function octal(value: number, digits: number): string {
  return value.toString(8).padStart(digits, "0");
}
