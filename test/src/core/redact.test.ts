import { describe, expect, it } from "vitest";
import { createRedactor } from "../../../src/core/redact.ts";
import { seeded } from "./seeded.ts";

const SECRET = "kQ7!vZ2@pL9/xW4+tB8 nR3é";
const redact = createRedactor([SECRET]);
const ALPHABET = Array.from(
  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=_-!@ é",
);

describe("a secret is replaced", () => {
  const forms: readonly (readonly [string, string, string])[] = [
    ["as it is", `key=${SECRET};`, "key=[secret];"],
    ["twice", `${SECRET} and ${SECRET}`, "[secret] and [secret]"],
    ["without its first seven characters", `<${SECRET.slice(7)}>`, "<[secret]>"],
    ["as a slice of twelve characters", `<${SECRET.slice(5, 17)}>`, "<[secret]>"],
    ["reversed", `<${Array.from(SECRET).reverse().join("")}>`, "<[secret]>"],
    ["in hex", `<${Buffer.from(SECRET).toString("hex")}>`, "<[secret]>"],
    ["in upper-case hex", `<${Buffer.from(SECRET).toString("hex").toUpperCase()}>`, "<[secret]>"],
    ["URL-encoded", `?token=${encodeURIComponent(SECRET)}&x=1`, "?token=[secret]&x=1"],
    ["as JSON", JSON.stringify({ a: `${SECRET}` }), '{"a":"[secret]"}'],
    ["over two lines of a slice", `a\n${SECRET.slice(0, 12)}\nb`, "a\n[secret]\nb"],
  ];

  it.each(forms)("%s", (_name, text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it.each([0, 1, 2])("in base64 and base64url, %i bytes into a longer text", (offset) => {
    const carrier = Buffer.from(`${"x".repeat(offset)}${SECRET}tail`);

    for (const encoding of ["base64", "base64url"] as const) {
      const encoded = carrier.toString(encoding);
      const result = redact(encoded);

      // At most the characters shared with the neighbours survive.
      expect(result).toMatch(/^[A-Za-z0-9+/_-]{0,4}\[secret\][A-Za-z0-9+/_=-]{0,9}$/);
    }
  });

  it("when it has several lines and was escaped in JSON", () => {
    const key = "first-line-of-a-key\nsecond-line-of-a-key\n";
    const result = createRedactor([key])(JSON.stringify({ key }));

    expect(result).toBe('{"key":"[secret]"}');
  });

  it("when it is short, but only as a whole", () => {
    const result = createRedactor(["hunter22"])("hunter22 hunter2 68756e7465723232 22retnuh");

    expect(result).toBe("[secret] hunter2 [secret] [secret]");
  });
});

describe("a short secret", () => {
  const whole: readonly (readonly [string, string, string])[] = [
    ["in a sentence", "It is hunter22.", "It is [secret]."],
    ["in a path", "/a/hunter22/b", "/a/[secret]/b"],
    ["in JSON", '{"key":"hunter22"}', '{"key":"[secret]"}'],
    ["after an escaped line break", '"a\\nhunter22\\n"', '"a\\n[secret]\\n"'],
    ["after an escaped control", "\\u001bhunter22", "\\u001b[secret]"],
    ["after a URL-encoded sign", "?p=a%3Dhunter22", "?p=a%3D[secret]"],
    ["in base64 of a longer text", btoa("me:hunter22"), "bWU6[secret]I="],
  ];

  it.each(whole)("%s goes", (_name, text, expected) => {
    expect(createRedactor(["hunter22"])(text)).toBe(expected);
  });

  it.each([
    "hunter222",
    "xhunter22",
    "ühunter22",
    "the_hunter22",
    "hunter22_",
    "hunter2",
    "the hunter 22",
  ])("is no part of the word in %j", (text) => {
    expect(createRedactor(["hunter22"])(text)).toBe(text);
  });

  it("with a sign at its end has its edge there", () => {
    expect(createRedactor(["$hunter2!"])("x$hunter2!y $hunter2")).toBe("x[secret]y $hunter2");
  });

  it.each(["nexus", "none", "test", "ollama", "hunter2"])(
    "of less than eight, such as %s, stays",
    (secret) => {
      const text = `${secret}/1-fix-abcd ${secret} "${secret}" ${btoa(secret)}`;

      expect(createRedactor([secret])(text)).toBe(text);
    },
  );

  it.each([
    "postgres",
    "Password",
    "changeme",
    "no-key-required",
    "sk-no-key-required",
    "lm-studio",
  ])("that everybody knows, such as %s, stays", (secret) => {
    const text = `${secret}/1-fix-abcd: ${secret} ${btoa(secret)}`;

    expect(createRedactor([secret])(text)).toBe(text);
  });
});

describe("what has the shape of a key is replaced without being known", () => {
  const jwt = `ghs_123456_${"eyJhbGciOiJSUzI1NiJ9"}.${"aB3-_x".repeat(70)}.${"Zz9_-".repeat(12)}`;
  const shapes: readonly (readonly [string, string])[] = [
    ["a classic token", `ghp_${"aB3dE6".repeat(6)}`],
    ["an installation token of the new form", jwt],
    ["a fine-grained token", `github_pat_${"11ABCDEFG0".repeat(4)}_x`],
    ["a model key", "sk-proj-abcDEF123456_7890-xyz"],
    ["another vendor's model key", "sk-ant-api03-abcDEF123456_7890-xyz"],
    ["a Google key", `AIza${"Sy9-_".repeat(7)}`],
    ["a private key", "-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----"],
    ["a private key that was cut", "-----BEGIN PRIVATE KEY-----\nMIIEabc"],
  ];

  it.each(shapes)("%s", (_name, key) => {
    expect(createRedactor([])(`before ${key}`)).toBe("before [secret]");
  });

  it("the password in an address", () => {
    const result = createRedactor([])("fetch https://x-access-token:abc@host.test/o/r.git failed");

    expect(result).toBe("fetch https://[secret]@host.test/o/r.git failed");
  });
});

describe("without shapes", () => {
  const code = [
    "DATABASE_URL: postgres://postgres:postgres@localhost:5432/app",
    "const key = 'sk-test-abcDEF123456_7890-xyz';",
    "-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----",
    `ghp_${"aB3dE6".repeat(6)}`,
  ];

  it.each(code)("%j stays, and a known secret does not", (line) => {
    const own = createRedactor([SECRET], { shapes: false });

    expect(own(`${line} ${SECRET}`)).toBe(`${line} [secret]`);
  });
});

describe("a private key", () => {
  const BEGIN = "-----BEGIN PRIVATE KEY-----";

  it("in JSON within JSON goes, and what follows it stays", () => {
    const inner = JSON.stringify({ key: `${BEGIN}\nMIIEabc\n`, other: "here" });

    const result = createRedactor([])(JSON.stringify({ inner }));

    expect(JSON.parse(JSON.parse(result).inner)).toEqual({ key: "[secret]", other: "here" });
  });

  it("that was cut takes no more with it than a key can be long", () => {
    const result = createRedactor([])(`${BEGIN}${"x".repeat(16_384)}the rest`);

    expect(result).toBe("[secret]the rest");
  });
});

describe("ordinary text stays", () => {
  const texts = [
    "",
    "a",
    "The task-runner of sk-learn is highs_and_lows_of_something_long.",
    "https://example.test:8080/a@b?c=d",
    "kQ7!vZ2@pL9",
    "ghp_short",
    "-----BEGIN PUBLIC KEY-----\nabc\n-----END PUBLIC KEY-----",
  ];

  it.each(texts)("%j", (text) => {
    expect(redact(text)).toBe(text);
  });

  it("when the secrets are empty or too short to be told from words", () => {
    expect(createRedactor(["", "a", "the"])("the cat and a dog")).toBe("the cat and a dog");
  });
});

describe("for any secret and any text", () => {
  it("no twelve characters of the secret survive, whatever surrounds them", () => {
    const random = seeded(1);
    for (let round = 0; round < 300; round++) {
      const secret = random.text(ALPHABET, 12 + random.int(60));
      const from = random.int(secret.length - 11);
      const slice = secret.slice(from, from + 12 + random.int(secret.length));
      const text = `${random.text(ALPHABET, random.int(40))}${slice}${random.text(ALPHABET, random.int(40))}`;

      const result = createRedactor([secret])(text);

      for (let at = 0; at + 12 <= secret.length; at++) {
        expect(result.includes(secret.slice(at, at + 12)), `${secret} in ${text}`).toBe(false);
      }
    }
  });

  it("every encoding of the secret is found at every alignment", () => {
    const random = seeded(2);
    for (let round = 0; round < 200; round++) {
      const secret = random.text(ALPHABET, 16 + random.int(40));
      const carrier = Buffer.from(
        random.text(ALPHABET, random.int(9)) + secret + random.text(ALPHABET, 5),
      );
      const own = createRedactor([secret]);

      for (const encoding of ["hex", "base64", "base64url"] as const) {
        expect(own(carrier.toString(encoding)), `${secret} as ${encoding}`).toContain("[secret]");
      }
      expect(own(encodeURIComponent(secret))).toBe("[secret]");
    }
  });

  it("redacting twice is redacting once", () => {
    const random = seeded(3);
    for (let round = 0; round < 200; round++) {
      const secret = random.text(ALPHABET, 14);
      const own = createRedactor([secret]);
      const once = own(`${random.text(ALPHABET, 30)}${secret}${random.text(ALPHABET, 30)}`);

      expect(own(once)).toBe(once);
    }
  });

  it("lone surrogates do no harm", () => {
    const secret = `\ud800${"a1".repeat(10)}\udfff`;

    expect(createRedactor([secret])(`<${secret}>`)).toBe("<[secret]>");
  });
});

describe("megabytes", () => {
  const size = 4_000_000;
  const texts: readonly (readonly [string, string])[] = [
    ["of a log", "error TS2322: Type 'string' is not assignable.\n".repeat(size / 47)],
    ["of one character", "a".repeat(size)],
    ["of key beginnings", "-----BEGIN PRIVATE KEY-----".repeat(size / 27)],
    ["of token beginnings", "ghs_sk-://a:".repeat(size / 12)],
    ["of the secret itself", SECRET.repeat(size / SECRET.length)],
    ["of a short secret", "hunter22 ".repeat(size / 9)],
    ["of words with a short secret in them", "hunter22x".repeat(size / 9)],
    ["of escapes after a key's beginning", `-----BEGIN PRIVATE KEY-----${"\\n".repeat(size / 2)}`],
  ];

  it.each(texts)("%s are read in a moment", (_name, text) => {
    const started = performance.now();
    createRedactor([SECRET, "hunter22", "aaaaaaaaaaaab", "ghp_".padEnd(500, "xY7")])(text);

    expect(performance.now() - started).toBeLessThan(20_000);
  });

  const endless: readonly (readonly [string, string])[] = [
    ["a private key", "-----BEGIN PRIVATE KEY-----"],
    ["a token", "ghp_"],
    ["a fine-grained token", "github_pat_"],
    ["a model key", "sk-1"],
    ["a Google key", "AIza"],
    ["a password in an address", "https://a:"],
  ];

  it.each(endless)("thirty of them after the beginning of %s too", (_name, beginning) => {
    const text = `${beginning}${"x".repeat(30_000_000)}`;
    const started = performance.now();

    const result = createRedactor([])(text);

    expect(performance.now() - started).toBeLessThan(25_000);
    expect(result.length).toBeGreaterThan(29_000_000);
  });
});
