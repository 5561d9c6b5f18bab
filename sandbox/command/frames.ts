const HEADER_BYTES = 8;

/**
 * Takes apart the stream of an exec: frames of stdout and stderr, each with a header of eight bytes.
 * Payload is passed on as it comes, in order of arrival, never collected.
 */
export function createFrameReader(onPayload: (chunk: Buffer, stderr: boolean) => void) {
  let header: Buffer = Buffer.alloc(0);
  let left = 0;
  let stderr = false;

  return (data: Buffer): void => {
    let rest = data;
    while (rest.length > 0) {
      if (left > 0) {
        const payload = rest.subarray(0, left);
        left -= payload.length;
        rest = rest.subarray(payload.length);
        onPayload(payload, stderr);
        continue;
      }
      const missing = HEADER_BYTES - header.length;
      header = Buffer.concat([header, rest.subarray(0, missing)]);
      rest = rest.subarray(missing);
      if (header.length < HEADER_BYTES) continue;
      stderr = header[0] === 2;
      left = header.readUInt32BE(4);
      header = Buffer.alloc(0);
    }
  };
}
