import { DEFAULT_LIMITS } from "../../sandbox/container/limits.ts";
import { type Diagnosis, ok } from "../../sandbox/doctor/diagnosis.ts";
import { diagnosisText } from "../../sandbox/doctor/doctor-text.ts";
import { examine } from "../../sandbox/doctor/examine.ts";
import { type InspectWish, inspect, type Screen } from "../../sandbox/inspect/inspect.ts";
import { createInspector } from "../../sandbox/inspect/inspector.ts";
import {
  parsePublisherConfig,
  parseSandboxConfig,
  parseWebConfig,
  parseWorkerConfig,
} from "../config.ts";
import { readAppKey } from "../github/app-key.ts";
import { stopSignal } from "../servers/lifecycle.ts";
import { parseArguments } from "./arguments.ts";
import { helpText } from "./help-text.ts";
import { problemsIn } from "./settings.ts";
import { told } from "./told.ts";

const { stdin: input, stdout: output, stderr, env } = process;
const closed = new AbortController();
const signal = AbortSignal.any([stopSignal(), closed.signal]);
process.on("SIGHUP", () => closed.abort());
// Whoever read it has gone.
output.on("error", () => closed.abort());

const screen: Screen = {
  terminal: { input, output, kind: env.TERM ?? "dumb" },
  isTerminal: output.isTTY,
  out: (text) => void output.write(text),
  err: (text) => void stderr.write(text),
};

/** `nexus …`: looks after an installation from its folder. */
async function main(): Promise<number> {
  const command = parseArguments(process.argv.slice(2));
  switch (command.kind) {
    case "help":
      screen.out(helpText(command.topic));
      return 0;
    case "misunderstood":
      screen.err(`nexus: ${command.why}\n`);
      return 2;
    case "inspect":
      return await look(command);
    case "doctor":
      return await doctor(command.json);
    default:
      return command satisfies never;
  }
}

async function look(wish: InspectWish): Promise<number> {
  await using inspector = createInspector(placeOf());
  return await inspect(inspector, { wish, screen }, signal);
}

async function doctor(json: boolean): Promise<number> {
  const found: Diagnosis[] = [];
  for await (const diagnosis of diagnoses()) {
    found.push(diagnosis);
    if (!json) screen.out(diagnosisText(diagnosis));
  }
  const isWell = found.every(({ level }) => level !== "problem");
  if (json) screen.out(`${JSON.stringify({ ok: isWell, diagnoses: found }, undefined, 2)}\n`);
  return isWell ? 0 : 1;
}

async function* diagnoses(): AsyncGenerator<Diagnosis> {
  const key = (from: typeof env) => readAppKey(parsePublisherConfig(from));
  const problems = problemsIn(env, [parseWebConfig, parseWorkerConfig, key]);
  if (problems.length === 0) yield ok("settings", "complete");
  const advice = "Compare .env with .env.example, or run: npm run setup";
  for (const { text, isMissing } of problems)
    yield { level: isMissing ? "warning" : "problem", name: "settings", detail: text, advice };
  yield* examine(placeOf(), signal);
}

function placeOf() {
  const { sandboxPlace, sandboxLimits } = parseSandboxConfig(env);
  return { ...sandboxPlace, limits: { ...DEFAULT_LIMITS, ...sandboxLimits } };
}

let code = 1;
try {
  code = await main();
} catch (error) {
  stderr.write(told(error));
}
output.write("", () => process.exit(signal.aborted ? 130 : code));
