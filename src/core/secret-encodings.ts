/** The forms in which a secret is commonly carried: readable ones, and hex and base64 in every alignment. */
export function encodingsOf(secret: string): readonly string[] {
  return [...new Set([...spellingsOf(secret), ...packingsOf(secret)])];
}

/** The forms in which a secret stays readable: itself, reversed, in JSON and in a URL. */
export function spellingsOf(secret: string): readonly string[] {
  return [
    ...new Set([
      secret,
      Array.from(secret).reverse().join(""),
      JSON.stringify(secret).slice(1, -1),
      ...urlEncodings(bytesOf(secret), secret),
    ]),
  ];
}

/** The forms in which a secret is packed beyond recognition: hex, and base64 in every alignment. */
export function packingsOf(secret: string): readonly string[] {
  const bytes = bytesOf(secret);
  return [...new Set([...hexEncodings(bytes), ...base64Encodings(bytes)])];
}

function bytesOf(secret: string): Uint8Array {
  return new TextEncoder().encode(secret);
}

function hexEncodings(bytes: Uint8Array): readonly string[] {
  const hex = [...bytes].map(twoHexDigits).join("");
  return [hex, hex.toUpperCase()];
}

function urlEncodings(bytes: Uint8Array, secret: string): readonly string[] {
  const usual = encodeURIComponent(secret.toWellFormed());
  const strict = usual.replace(/[!'()*]/g, (char) => percent(char.charCodeAt(0)));
  const everything = [...bytes].map(percent).join("");
  return [usual, strict, strict.replaceAll("%20", "+"), everything].flatMap((form) => [
    form,
    form.replace(/%[0-9A-F]{2}/g, (byte) => byte.toLowerCase()),
  ]);
}

function percent(byte: number): string {
  return `%${twoHexDigits(byte).toUpperCase()}`;
}

function twoHexDigits(byte: number): string {
  return byte.toString(16).padStart(2, "0");
}

/** Inside a longer text a secret starts at one of three positions of base64's three-byte groups. */
function base64Encodings(bytes: Uint8Array): readonly string[] {
  return [0, 1, 2].flatMap((offset) => {
    const standard = base64(new Uint8Array([...new Uint8Array(offset), ...bytes]));
    // Characters that also carry bits of a neighbour are left out: the neighbour is unknown.
    const first = Math.ceil((offset * 8) / 6);
    const end = Math.floor(((offset + bytes.length) * 8) / 6);
    const own = standard.slice(first, end);
    return [own, own.replaceAll("+", "-").replaceAll("/", "_")];
  });
}

function base64(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
}
