import { parse } from "yaml";
import { z } from "zod";
import { NexusError } from "../core/errors.ts";

/** What `app.yml` says; the addresses are different on each installation and are added. */
const AppFile = z.strictObject({
  name: z.string().min(1).max(34),
  description: z.string().min(1).max(500),
  public: z.boolean(),
  default_permissions: z.record(z.string(), z.enum(["read", "write"])),
  default_events: z.array(z.string().min(1)).min(1),
});

interface Addresses {
  /** Where people and GitHub reach this installation. */
  readonly home: string;
  /** Where GitHub delivers webhooks. */
  readonly webhook: string;
  /** Where GitHub sends the browser back to, with the code. */
  readonly callback: string;
}

/** The manifest GitHub takes, as JSON. Throws `config.invalid` naming each mistake in the file. */
export function appManifest(file: string, addresses: Addresses): string {
  const { data, error } = AppFile.safeParse(parsed(file));
  if (!data) {
    const problems = error.issues.map((issue) => `- ${issue.path.join(".")}: ${issue.message}`);
    throw new NexusError("config.invalid", `app.yml is not a manifest:\n${problems.join("\n")}`);
  }
  return JSON.stringify({
    ...data,
    url: addresses.home,
    hook_attributes: { url: addresses.webhook, active: true },
    redirect_url: addresses.callback,
  });
}

function parsed(file: string): unknown {
  try {
    return parse(file, { logLevel: "error" });
  } catch (cause) {
    throw new NexusError("config.invalid", "app.yml cannot be read as YAML.", { cause });
  }
}
