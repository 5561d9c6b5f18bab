import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { NexusError } from "../core/errors.ts";
import type { RegisteredApp } from "./conversion.ts";
import { readEnvFile, withSettings, writeEnvFile } from "./env-file.ts";

const KEYS = ["PRIVATE_KEY", "PRIVATE_KEY_PATH"] as const;
const NAMES = ["APP_ID", ...KEYS, "WEBHOOK_SECRET"] as const;

type Settings = Readonly<Record<string, string | undefined>>;

/** Whether the settings name an App. Throws `config.invalid` when they name half of one: the rest cannot be of another. */
export function namesApp(settings: Settings): boolean {
  const given = NAMES.filter((name) => settings[name] !== undefined);
  if (given.length === 0) return false;
  const hasKey = KEYS.some((name) => settings[name] !== undefined);
  if (hasKey && settings.APP_ID && settings.WEBHOOK_SECRET) return true;
  const missing = [
    ...(settings.APP_ID ? [] : ["APP_ID"]),
    ...(hasKey ? [] : ["PRIVATE_KEY_PATH"]),
    ...(settings.WEBHOOK_SECRET ? [] : ["WEBHOOK_SECRET"]),
  ];
  throw new NexusError(
    "config.invalid",
    `${given.join(", ")} is set, but not ${missing.join(", ")}.`,
    {
      hint: "Take the rest from the App's settings on GitHub, or empty these lines to register a new App.",
    },
  );
}

interface Place {
  readonly envFile: string;
  /** Nexus' own folder, as a full path; the key is kept there. */
  readonly folder: string;
}

/** Keeps the App's secrets in files of their owner only; nothing that is there is overwritten. Returns the key's file. */
export async function keepCredentials(app: RegisteredApp, place: Place): Promise<string> {
  const keyFile = join(place.folder, `app-${app.id}.pem`);
  await mkdir(place.folder, { recursive: true });
  // First, since GitHub hands the key out only once.
  await writeFile(keyFile, app.privateKey, { mode: 0o600, flag: "wx" });
  const { text, values } = await readEnvFile(place.envFile);
  const taken = NAMES.filter((name) => values[name] !== undefined);
  if (taken.length > 0) {
    throw new NexusError(
      "config.invalid",
      `.env has ${taken.join(", ")} by now; it was left alone.`,
      {
        hint: `The key of the new App (id ${app.id}) is in ${keyFile}.`,
      },
    );
  }
  const settings = {
    APP_ID: String(app.id),
    PRIVATE_KEY_PATH: keyFile,
    WEBHOOK_SECRET: app.webhookSecret,
  };
  await writeEnvFile(place.envFile, withSettings(text, settings));
  return keyFile;
}
