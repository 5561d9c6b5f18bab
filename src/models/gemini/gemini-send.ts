import { type GenerateContentParameters, GoogleGenAI } from "@google/genai";
import { PassThroughClient } from "google-auth-library";
import { unreachable } from "../failure.ts";
import { Rejected } from "../rejection.ts";
import { createSend } from "../send.ts";
import type { Caller } from "./caller.ts";
import { geminiRejection } from "./gemini-rejection.ts";

/** Which of Google's two services is asked, and where. */
export interface GeminiPlace {
  /** Without a slash at its end. */
  readonly baseUrl: string;
  /** That of the enterprise service; the developers' has none. */
  readonly project?: Project;
}

interface Project {
  readonly id: string;
  readonly location: string;
}

/** Sends one request and gives the accepted answer, of which nothing is read yet. */
export type GeminiSend = (
  parameters: GenerateContentParameters,
  signal: AbortSignal,
) => Promise<Response>;

/** A way to ask Gemini. The SDK writes the request; who calls and what comes back is ours. */
export function createGeminiSend(
  place: GeminiPlace,
  caller: Caller,
  headers: Readonly<Record<string, string>>,
): GeminiSend {
  const client = clientFor(place);
  return async ({ config, ...parameters }, signal) => {
    const answers: Response[] = [];
    const fetch = async (url: string | URL | Request, init?: RequestInit) => {
      const send = async () => {
        const own = { ...headers, ...(await caller.headers(signal)) };
        return await createSend(() => own)(url, init).catch(asUnreachable);
      };
      const first = await send();
      // A token may end before its time.
      const answer = await accepted(first.status === 401 && caller.renew() ? send() : first);
      answers.push(answer);
      return answer;
    };
    // Its stream is not begun: the SDK's reader has no bounds and shows no sign of life.
    await client.models.generateContentStream({
      ...parameters,
      config: { ...config, abortSignal: signal, httpOptions: { fetch } },
    });
    const [answer] = answers;
    if (!answer) throw new Error("Gemini's SDK sent nothing.");
    return answer;
  };
}

/** The SDK's client with every choice made here. */
function clientFor({ baseUrl, project }: GeminiPlace): GoogleGenAI {
  const httpOptions = { baseUrl };
  return withoutEnvironment(() =>
    project
      ? new GoogleGenAI({
          enterprise: true,
          apiVersion: "v1beta1",
          project: project.id,
          location: project.location,
          googleAuthOptions: { authClient: new PassThroughClient() },
          httpOptions,
        })
      : // A key in the environment would be taken where none is given.
        new GoogleGenAI({ enterprise: false, apiVersion: "v1", apiKey: "in-headers", httpOptions }),
  );
}

/** The SDK looks for keys, projects and addresses in the environment and talks about what it finds. */
function withoutEnvironment<T>(make: () => T): T {
  const { env } = process;
  try {
    process.env = {};
    return make();
  } finally {
    process.env = env;
  }
}

function asUnreachable(error: unknown): never {
  throw error instanceof Error ? unreachable(error) : error;
}

async function accepted(answering: Response | Promise<Response>): Promise<Response> {
  const answer = await answering;
  if (answer.ok) return answer;
  const { status, headers } = answer;
  throw new Rejected(geminiRejection({ status, headers, body: parsed(await answer.text()) }));
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
