import { randomUUID } from "node:crypto";
import { mkdir, open, readFile, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { NexusError } from "../../core/errors.ts";

/** Where an installation keeps the refresh token of who signed in. */
export function refreshTokenFile(nexusFolder: string): string {
  return join(nexusFolder, "gemini-refresh-token");
}

/** Keeps the token where only this user reads it; an older one is replaced at once and whole. */
export async function keepRefreshToken(file: string, token: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  const fresh = `${file}.${randomUUID()}`;
  try {
    await using handle = await open(fresh, "wx", 0o600);
    await handle.writeFile(`${token}\n`);
    await handle.sync();
    await rename(fresh, file);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}

/** The token that was kept; fails with `config.invalid` where there is none or others can read it. */
export async function readRefreshToken(file: string): Promise<string> {
  const token = await readFile(file, "utf8").catch(() => "");
  if (!/^[\x21-\x7e]+\s*$/.test(token)) throw missing("nobody has signed in at Google");
  if (((await stat(file)).mode & 0o077) !== 0) {
    throw missing("others can read the kept sign-in at Google");
  }
  return token.trim();
}

function missing(problem: string): NexusError {
  return new NexusError("config.invalid", `GEMINI_CLIENT_ID: ${problem}`, {
    hint: "Run: nexus models login gemini. Keep the file that it writes to yourself.",
  });
}
