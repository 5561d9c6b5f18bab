import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import type { Diagnosis } from "../../sandbox/doctor/diagnosis.ts";
import type { InspectWish, Screen } from "../../sandbox/inspect/inspect.ts";
import type { FileMerge, Sides } from "../core/merge.ts";
import type { CallBounds } from "../models/create-model.ts";
import { stopSignal } from "../servers/lifecycle.ts";
import type { Prompts } from "../swarm/prompts.ts";
import { parseArguments } from "./arguments.ts";
import type { FollowWish } from "./follow/follow-task.ts";
import { helpText } from "./help-text.ts";
import type { DriverWish, FilesWish } from "./merge/merge-wish.ts";
import type { ReplayRun } from "./replay/replay-task.ts";
import type { ShowWish } from "./show/show.ts";
import { told } from "./told.ts";

// What a command needs is loaded with it: git waits for a merge of each file, and engines take their time.

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
    case "show":
      return await showRecord(command);
    case "replay":
      return await replay(command.taskId);
    case "inspect":
      return await look(command);
    case "doctor":
      return await doctor(command.json);
    case "models":
      return await orTwo(() => models(command.json));
    case "models-login":
      return await orTwo(() => login());
    case "follow":
      return await orTwo(() => follow(command));
    case "merge":
      return await orTwo(() => mergeThree(command));
    case "merge-driver":
      return await orTwo(() => driver(command));
    default:
      return command satisfies never;
  }
}

async function showRecord(wish: ShowWish): Promise<number> {
  const { show } = await import("./show/show.ts");
  await using record = await openRecord();
  const { isTerminal, out, err } = screen;
  return await show(wish, { ...(await redactors()), record, isTerminal, out, err });
}

async function replay(taskId: string): Promise<number> {
  const { createDockerSandbox } = await import("../../sandbox/docker-sandbox.ts");
  const { checkoutInto } = await import("../git/checkout.ts");
  const { createMirrors } = await import("../git/mirrors.ts");
  const { replayRun } = await import("../pipeline/replay.ts");
  const { createSyntax } = await import("../syntax/create-syntax.ts");
  const { replayTask } = await import("./replay/replay-task.ts");
  await using record = await openRecord();
  const { redact, redactKnown: gate } = await redactors();
  await using sandbox = createDockerSandbox({ ...(await placeOf()), checkout: checkoutInto });
  const mirrors = createMirrors({ folder: join(record.folder, "mirrors") });
  const parts = { sandbox, syntax: createSyntax, prompts: await readPrompts(), gate, signal };
  const again: ReplayRun = async (task, { rows }) =>
    await replayRun(rows, { ...parts, task, mirror: await mirrors.open(task.repo) });
  const { out, err } = screen;
  return await replayTask(taskId, { record, replayRun: again, redact, out, err });
}

async function readPrompts(): Promise<Prompts> {
  const { PROMPT_NAMES } = await import("../swarm/prompts.ts");
  const folder = new URL("../swarm/prompts/", import.meta.url);
  const texts = PROMPT_NAMES.map(async (name) => {
    return [name, await readFile(new URL(`${name}.md`, folder), "utf8")] as const;
  });
  // Every name is there: the object is made from the list its type is made from.
  return Object.fromEntries(await Promise.all(texts)) as Prompts;
}

/** The record of this installation: the database that is named, else the one of npm start. */
async function openRecord() {
  const { parseRecordConfig } = await import("../config.ts");
  const { recordAddresses } = await import("../servers/addresses.ts");
  const { openStore } = await import("../store/store.ts");
  const config = parseRecordConfig(env);
  const { databaseUrl } = await recordAddresses(config);
  return { ...(await openStore(databaseUrl)), folder: config.folder };
}

async function redactors() {
  const { createRedactor } = await import("../core/redact.ts");
  const { secretsIn } = await import("./secrets.ts");
  const secrets = secretsIn(env);
  const redactKnown = createRedactor(secrets, { shapes: false });
  return { redact: createRedactor(secrets), redactKnown };
}

async function look(wish: InspectWish): Promise<number> {
  const { inspect } = await import("../../sandbox/inspect/inspect.ts");
  const { createInspector } = await import("../../sandbox/inspect/inspector.ts");
  await using inspector = createInspector(await placeOf());
  return await inspect(inspector, { wish, screen }, signal);
}

async function doctor(json: boolean): Promise<number> {
  const { diagnosisText } = await import("../../sandbox/doctor/doctor-text.ts");
  const found: Diagnosis[] = [];
  for await (const diagnosis of diagnoses()) {
    found.push(diagnosis);
    if (!json) screen.out(diagnosisText(diagnosis));
  }
  const isWell = found.every(({ level }) => level !== "problem");
  if (json) screen.out(`${JSON.stringify({ ok: isWell, diagnoses: found }, undefined, 2)}\n`);
  return isWell ? 0 : 1;
}

async function models(json: boolean): Promise<number> {
  const { parseModelConfig } = await import("../config.ts");
  const { createRedactor } = await import("../core/redact.ts");
  const { openModel } = await import("../models/open-model.ts");
  const { readSignIns } = await import("../models/read-sign-ins.ts");
  const { tellModels } = await import("./models/tell-models.ts");
  const config = parseModelConfig(env);
  const { roles, warnings, access, keys } = await readSignIns(config.models, config.folder);
  const open = (named: (typeof roles.worker)[number], bounds: CallBounds) =>
    openModel({ ...bounds, ...access[named.provider], ...named });
  const redact = createRedactor(keys, { shapes: false });
  const out = (text: string) => screen.out(redact(text));
  const now = () => performance.now();
  return await tellModels({ roles, warnings, open, now, json, out }, signal);
}

async function login(): Promise<number> {
  const { parseGoogleLogin } = await import("../config.ts");
  const { loginGemini } = await import("../models/gemini/login.ts");
  const { tellLogin } = await import("./models/tell-login.ts");
  const { folder, client } = parseGoogleLogin(env);
  const signIn = (show: (url: string) => void) => loginGemini(folder, { ...client, show, signal });
  return await tellLogin({ login: signIn, out: screen.out });
}

async function follow(wish: FollowWish): Promise<number> {
  const { createEventBell, silentBell } = await import("../../jobs/events/event-bell.ts");
  const { createEventBus } = await import("../../jobs/events/event-bus.ts");
  const { parseRecordConfig } = await import("../config.ts");
  const { recordAddresses } = await import("../servers/addresses.ts");
  const { openStore } = await import("../store/store.ts");
  const { followTask } = await import("./follow/follow-task.ts");
  const { databaseUrl, redisUrl } = await recordAddresses(parseRecordConfig(env));
  await using store = await openStore(databaseUrl);
  await using bell = redisUrl === undefined ? silentBell : createEventBell(redisUrl);
  const bus = createEventBus({ record: store.events, bell });
  return await followTask(wish, { ...bus, tasks: store.tasks, out: screen.out }, signal);
}

async function* diagnoses(): AsyncGenerator<Diagnosis> {
  const { parsePublisherConfig, parseWebConfig, parseWorkerConfig } = await import("../config.ts");
  const { readAppKey } = await import("../github/app-key.ts");
  const { problemsIn } = await import("./settings.ts");
  const { ok } = await import("../../sandbox/doctor/diagnosis.ts");
  const { examine } = await import("../../sandbox/doctor/examine.ts");
  const key = (from: typeof env) => readAppKey(parsePublisherConfig(from));
  const problems = problemsIn(env, [parseWebConfig, parseWorkerConfig, key]);
  if (problems.length === 0) yield ok("settings", "complete");
  const advice = "Compare .env with .env.example, or run: npm run setup";
  for (const { text, isMissing } of problems)
    yield { level: isMissing ? "warning" : "problem", name: "settings", detail: text, advice };
  yield* examine(await placeOf(), signal);
}

async function placeOf() {
  const { parseSandboxConfig } = await import("../config.ts");
  const { DEFAULT_LIMITS } = await import("../../sandbox/container/limits.ts");
  const { sandboxPlace, sandboxLimits } = parseSandboxConfig(env);
  return { ...sandboxPlace, limits: { ...DEFAULT_LIMITS, ...sandboxLimits } };
}

async function mergeThree(wish: FilesWish): Promise<number> {
  const { mergeFiles } = await import("./merge/merge-files.ts");
  const out = (content: Uint8Array) =>
    new Promise<void>((done, failed) => {
      output.write(content, (error) => (error ? failed(error) : done()));
    });
  return await mergeFiles(wish, { merge, out, err: (line) => screen.err(told(line)) });
}

async function merge(sides: Sides): Promise<FileMerge> {
  const { mergeByRule } = await import("../merge/rules/merge-by-rule.ts");
  const { mergeFile } = await import("../merge/merge-file.ts");
  const { createSyntaxFor } = await import("../syntax/create-syntax.ts");
  const syntax = await createSyntaxFor(sides.path);
  return mergeByRule(sides, (texts) => mergeFile(texts, syntax));
}

async function driver(wish: DriverWish): Promise<number> {
  const { mergeDriverSettings } = await import("../git/merge-driver.ts");
  const { installDriver } = await import("./merge/install-driver.ts");
  const settings = mergeDriverSettings({ scope: wish.scope, folder: process.cwd(), env });
  const program = resolve(import.meta.dirname, "nexus.sh");
  await installDriver(wish, { settings, program, out: (line) => screen.out(`${line}\n`) });
  return 0;
}

/** 1 says that conflicts are left or that a model does not answer, so a failure is 2. */
async function orTwo(run: () => Promise<number>): Promise<number> {
  try {
    return await run();
  } catch (error) {
    screen.err(told(error));
    return 2;
  }
}

let code = 1;
try {
  code = await main();
} catch (error) {
  stderr.write(told(error));
}
// A merge of which not all was written is no merge, whoever ended it.
output.write("", () => process.exit(signal.aborted && code !== 2 ? 130 : code));
