import { createPrivateKey } from "node:crypto";
import { readFileSync } from "node:fs";
import { NexusError } from "../core/errors.ts";

interface KeySettings {
  readonly privateKey: string | undefined;
  readonly privateKeyPath: string | undefined;
}

/** The App's key as PEM text. Throws `config.invalid` for a file that cannot be read and for what is no RSA key. */
export function readAppKey({ privateKey, privateKeyPath }: KeySettings): string {
  const name = privateKey === undefined ? "PRIVATE_KEY_PATH" : "PRIVATE_KEY";
  const pem = privateKey ?? readKeyFile(privateKeyPath ?? "");
  if (isRsaKey(pem)) return pem;
  throw new NexusError("config.invalid", `- ${name}: holds no RSA private key in PEM form`, {
    hint: "GitHub gives it as a .pem file when the App's key is made; npm run setup keeps it for you.",
  });
}

function readKeyFile(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? ` (${String(error.code)})` : "";
    throw new NexusError("config.invalid", `- PRIVATE_KEY_PATH: the file cannot be read${code}`);
  }
}

function isRsaKey(pem: string): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === "rsa";
  } catch {
    return false;
  }
}
