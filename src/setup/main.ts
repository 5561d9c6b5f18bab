import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { parseArgs } from "node:util";
import { NexusError } from "../core/errors.ts";
import { WEBHOOK_PATH } from "../github/webhook-server.ts";
import { stopSignal } from "../servers/lifecycle.ts";
import { setUp } from "./set-up.ts";

const say = (line: string) => process.stdout.write(`${line}\n`);
const signal = stopSignal();

/** Answers are asked for only at a terminal; elsewhere they come as arguments. */
async function ask(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    return await terminal.question(question, { signal });
  } finally {
    terminal.close();
  }
}

function told(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const hint = error instanceof NexusError ? error.hint : undefined;
  return hint ? `${error.message}\n  ${hint}` : error.message;
}

/** `npm run setup`: registers the App on GitHub. */
try {
  const { values } = parseArgs({ options: { url: { type: "string" }, org: { type: "string" } } });
  await setUp({
    folder: process.cwd(),
    env: process.env,
    appFile: await readFile(join(import.meta.dirname, "../../app.yml"), "utf8"),
    webhookPath: WEBHOOK_PATH,
    url: values.url,
    organization: values.org,
    ask: process.stdin.isTTY && process.stdout.isTTY ? ask : undefined,
    say,
    signal,
  });
  process.exit(0);
} catch (error) {
  process.stderr.write(`${told(error)}\n`);
  process.exit(1);
}
