import { NexusError } from "../../core/errors.ts";
import type { Provider } from "../provider.ts";
import { throwIfInvalidAddress } from "../send.ts";
import { keyCaller } from "./caller.ts";
import { createGeminiProvider, type GeminiOptions } from "./gemini-provider.ts";
import { accountCaller, type GoogleAccount } from "./google-account.ts";
import type { Fetch } from "./token-fetch.ts";

const DEVELOPERS_URL = "https://generativelanguage.googleapis.com";

/** The enterprise's Gemini: in which project it is asked, and as whom. */
export interface GoogleEnterprise {
  readonly project: string;
  /** Default: wherever Google has room. */
  readonly location?: string;
  readonly account: GoogleAccount;
}

/** What the settings say of one Gemini. */
export interface GeminiSettings extends Omit<GeminiOptions, "place" | "caller"> {
  /** For the developers' service. */
  readonly apiKey?: string;
  /** Instead of a key. */
  readonly enterprise?: GoogleEnterprise;
  /** Instead of Google's own address. */
  readonly baseUrl?: string;
}

/** Gemini as the settings describe it; fails with `config.invalid` where they cannot be right. */
export function openGemini(settings: GeminiSettings, tokenFetch?: Fetch): Provider {
  const { enterprise, apiKey = "" } = settings;
  if (enterprise) return openEnterprise(settings, enterprise, tokenFetch);
  const baseUrl = plainUrl(settings.baseUrl ?? DEVELOPERS_URL);
  throwIfInvalidAddress({ baseUrl, apiKey });
  return createGeminiProvider({ ...settings, place: { baseUrl }, caller: keyCaller(apiKey) });
}

function openEnterprise(
  settings: GeminiSettings,
  { project, location = "global", account }: GoogleEnterprise,
  tokenFetch?: Fetch,
): Provider {
  if (!/^[a-z0-9][a-z0-9.:-]*$/.test(project) || !/^[a-z0-9-]+$/.test(location)) {
    throw new NexusError("config.invalid", "Google's project or location has odd characters.", {
      hint: "A project's id looks like my-project-1, a location like global or europe-west4.",
    });
  }
  const baseUrl = plainUrl(settings.baseUrl ?? enterpriseUrl(location));
  return createGeminiProvider({
    ...settings,
    place: { baseUrl, project: { id: project, location } },
    caller: accountCaller(account, tokenFetch),
  });
}

function enterpriseUrl(location: string): string {
  if (location === "global") return "https://aiplatform.googleapis.com";
  if (location === "us" || location === "eu") {
    return `https://aiplatform.${location}.rep.googleapis.com`;
  }
  return `https://${location}-aiplatform.googleapis.com`;
}

function plainUrl(url: string): string {
  return url.replace(/\/+$/, "");
}
