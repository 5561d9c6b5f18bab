import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { NexusError } from "../core/errors.ts";

const Addresses = z.object({ databaseUrl: z.string(), redisUrl: z.string() });

/** Where the servers of an installation are that runs on this machine. They hold passwords. */
type Addresses = z.infer<typeof Addresses>;

const FILE = "servers.json";

/** Notes the addresses for whoever looks into the installation from its folder; disposing removes the note. */
export async function noteAddresses(
  folder: string,
  addresses: Addresses,
): Promise<AsyncDisposable> {
  const file = join(folder, FILE);
  // Made anew, so that nobody else may read it whatever was there.
  await rm(file, { force: true });
  await writeFile(file, JSON.stringify(addresses), { mode: 0o600, flag: "wx" });
  return { [Symbol.asyncDispose]: () => rm(file, { force: true }) };
}

interface Named {
  readonly databaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  readonly folder: string;
}

/** The servers that are named, or those of the installation that runs from this folder. Throws where there are none. */
export async function recordAddresses({ databaseUrl, redisUrl, folder }: Named) {
  if (databaseUrl !== undefined) return { databaseUrl, redisUrl };
  const noted = await notedAddresses(folder);
  if (noted) return noted;
  throw new NexusError(
    "server.unavailable",
    "No database is named and no Nexus runs from this folder.",
    {
      hint: "Run this in the folder where npm start runs, or set DATABASE_URL.",
    },
  );
}

async function notedAddresses(folder: string): Promise<Addresses | undefined> {
  const text = await readFile(join(folder, FILE), "utf8").catch(() => "");
  try {
    return Addresses.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
