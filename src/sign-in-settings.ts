import { z } from "zod";
import type { ClaudeProgram } from "./models/claude-code/claude-program.ts";
import type { OAuthClient } from "./models/gemini/google-account.ts";

const text = z.string().trim().min(1);
const secret = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]+$/, "holds a blank or an odd character");

/** The settings of Google's OAuth client, which a person signs in with. */
export const GoogleClientSettings = z.object({
  GEMINI_CLIENT_ID: secret,
  GEMINI_CLIENT_SECRET: secret,
});

/** The settings of whoever signs in otherwise than with a key, as the environment names them. */
export const SignInSettings = GoogleClientSettings.partial().extend({
  GEMINI_PROJECT: z
    .string()
    .trim()
    .regex(/^[a-z0-9][a-z0-9.:-]*$/, "must be the id of a project, such as my-project-1")
    .optional(),
  GEMINI_LOCATION: z
    .string()
    .trim()
    .regex(/^[a-z0-9-]+$/, "must be a location, such as global or europe-west4")
    .default("global"),
  GEMINI_CREDENTIALS_PATH: text.optional(),
  ANTHROPIC_PROFILE_PATH: text.optional(),
  CLAUDE_CODE_PROGRAM: text
    .startsWith("/", "must be an absolute path; ask: command -v claude")
    .optional(),
  CLAUDE_CODE_ONLY_MINE: z
    .literal("yes", "must be yes, or not set: nobody but you gives work to this installation")
    .optional(),
  CLAUDE_CODE_MAX_DOLLARS: z.coerce.number().positive().max(1000).default(1),
  CLAUDE_CODE_TOKEN: secret.optional(),
});
type SignInSettings = z.infer<typeof SignInSettings>;

/** An enterprise's Gemini, and who signs in there: by a file, or the person who did `nexus models login gemini`. */
export interface GoogleSignIn {
  readonly project: string;
  readonly location: string;
  readonly by: { readonly credentialsPath: string } | OAuthClient;
}

/** Who signs in by what files hold. */
export interface SignIns {
  readonly anthropicProfilePath: string | undefined;
  readonly google: GoogleSignIn | undefined;
}

/** The sign-ins that are set. */
export function signInsOf(data: SignInSettings): SignIns {
  return { anthropicProfilePath: data.ANTHROPIC_PROFILE_PATH, google: googleOf(data) };
}

function googleOf(data: SignInSettings): GoogleSignIn | undefined {
  const { GEMINI_PROJECT: project, GEMINI_LOCATION: location } = data;
  const { GEMINI_CREDENTIALS_PATH: credentialsPath } = data;
  const { GEMINI_CLIENT_ID: clientId, GEMINI_CLIENT_SECRET: clientSecret } = data;
  if (project === undefined) return undefined;
  if (credentialsPath !== undefined) return { project, location, by: { credentialsPath } };
  if (clientId === undefined || clientSecret === undefined) return undefined;
  return { project, location, by: { clientId, clientSecret } };
}

/** The user's own Claude Code, where its program is set. */
export function claudeOf(data: SignInSettings): ClaudeProgram | undefined {
  const { CLAUDE_CODE_PROGRAM: program, CLAUDE_CODE_TOKEN: token } = data;
  if (program === undefined) return undefined;
  return {
    program,
    isOnlyMine: data.CLAUDE_CODE_ONLY_MINE === "yes",
    maxDollars: data.CLAUDE_CODE_MAX_DOLLARS,
    ...(token !== undefined && { token }),
  };
}

/** The secrets among them that are written in the environment itself. */
export function signInSecrets(data: SignInSettings): readonly string[] {
  return [data.GEMINI_CLIENT_SECRET, data.CLAUDE_CODE_TOKEN].flatMap((one) => one ?? []);
}

/** What contradicts or lacks something, each with what to write. */
export function signInProblems(has: (name: string) => boolean): readonly string[] {
  return [
    ...oneOf(has, "GEMINI_API_KEY", "GEMINI_PROJECT"),
    ...oneOf(has, "ANTHROPIC_API_KEY", "ANTHROPIC_PROFILE_PATH"),
    ...oneOf(has, "GEMINI_CREDENTIALS_PATH", "GEMINI_CLIENT_ID"),
    ...halfClient(has),
    ...nobodySignsIn(has),
    ...noProject(has),
  ];
}

function oneOf(has: (name: string) => boolean, ...[one, other]: [string, string]): string[] {
  return has(one) && has(other) ? [`${one} and ${other}: set one of them, not both`] : [];
}

function halfClient(has: (name: string) => boolean): string[] {
  const [id, secretName] = ["GEMINI_CLIENT_ID", "GEMINI_CLIENT_SECRET"];
  if (has(id) === has(secretName)) return [];
  const [set, other] = has(id) ? [id, secretName] : [secretName, id];
  return [`${other}: missing, although ${set} is set`];
}

function nobodySignsIn(has: (name: string) => boolean): string[] {
  const accounts = ["GEMINI_CREDENTIALS_PATH", "GEMINI_CLIENT_ID", "GEMINI_CLIENT_SECRET"];
  if (!has("GEMINI_PROJECT") || accounts.some(has)) return [];
  return [
    "GEMINI_CREDENTIALS_PATH, or GEMINI_CLIENT_ID and GEMINI_CLIENT_SECRET: missing, although GEMINI_PROJECT is set",
  ];
}

function noProject(has: (name: string) => boolean): string[] {
  const set = ["GEMINI_CREDENTIALS_PATH", "GEMINI_CLIENT_ID"].find(has);
  if (set === undefined || has("GEMINI_PROJECT")) return [];
  return [`GEMINI_PROJECT: missing, although ${set} is set`];
}
