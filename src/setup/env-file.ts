import { randomUUID } from "node:crypto";
import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { parseEnv } from "node:util";

/** The text of the file, empty where there is none, and what it sets: an empty value sets nothing. */
export async function readEnvFile(
  path: string,
): Promise<{ text: string; values: Record<string, string> }> {
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return "";
    throw error;
  });
  return { text, values: settingsIn(parseEnv(text)) };
}

/** Only what is set: an empty value means 'not set'. */
export function settingsIn(
  env: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  const given = Object.entries(env).flatMap(([name, value]) =>
    value?.trim() ? [[name, value] as const] : [],
  );
  return Object.fromEntries(given);
}

/** The text with these settings: each in its empty line where the file has one, else at the end. */
export function withSettings(text: string, settings: Readonly<Record<string, string>>): string {
  const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
  for (const [name, value] of Object.entries(settings)) {
    const line = `${name}=${written(value)}`;
    // Names are ours: upper case letters and underscores.
    const empty = lines.findLastIndex((one) => new RegExp(`^\\s*${name}\\s*=\\s*$`).test(one));
    if (empty === -1) lines.push(line);
    else lines[empty] = line;
  }
  return `${lines.join("\n")}\n`;
}

/** Quoted where a shell or a parser would read more into it. */
function written(value: string): string {
  if (/^[\w./:@+=-]+$/.test(value)) return value;
  if (/['\n\r]/.test(value)) throw new Error("A value for .env holds a quote or a line break.");
  return `'${value}'`;
}

/** Replaces the file as a whole, readable by its owner only. */
export async function writeEnvFile(path: string, text: string): Promise<void> {
  const fresh = `${path}.${randomUUID()}`;
  try {
    await writeFile(fresh, text, { mode: 0o600, flag: "wx" });
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
}
