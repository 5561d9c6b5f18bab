import { createWriteStream } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { type Child, startChild } from "../../src/servers/children.ts";
import { stopped, stopSignal } from "../../src/servers/lifecycle.ts";
import { freePort } from "./free-port.ts";
import { type GitHubWorld, startGitHub } from "./github/github.ts";
import { type ScriptedModel, startScriptedModel } from "./model/scripted-model.ts";
import { quietLog } from "./quiet-log.ts";
import { recordedSwarm } from "./recorded-swarm.ts";
import { sampleRepository } from "./sample-repository.ts";
import { until } from "./until.ts";

const REPOSITORY = { owner: "acme", name: "sums" };
const PERSON = "maria";
const ANSI = process.stdout.isTTY
  ? { dim: "\x1b[2m", bold: "\x1b[1m", off: "\x1b[0m" }
  : { dim: "", bold: "", off: "" };

const { values: options } = parseArgs({
  options: {
    swarm: { type: "boolean", default: false },
    /** Where repositories and state go; a temporary folder, removed at the end, where not given. */
    folder: { type: "string" },
    /** Stays until Ctrl-C although nobody is at a terminal. */
    stay: { type: "boolean", default: false },
  },
});
const begun = performance.now();
const say = (text: string) => {
  const seconds = ((performance.now() - begun) / 1000).toFixed(1).padStart(5);
  process.stdout.write(`${ANSI.dim}${seconds} s${ANSI.off}  ${text}\n`);
};

const signal = stopSignal();
const folder = resolve(options.folder ?? (await mkdtemp(join(tmpdir(), "nexus-demo-"))));
const logFile = join(folder, "nexus.log");
process.exitCode = await demo().catch((error: unknown) => {
  if (signal.aborted) return 130;
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
// After a failure its log is worth keeping.
if (options.folder === undefined && process.exitCode !== 1)
  await rm(folder, { recursive: true, force: true });
process.exit();

/** Plays one task from the comment to the pull request, in a world that stands on this machine alone. */
async function demo(): Promise<number> {
  await using github = await startGitHub({ folder: join(folder, "github") });
  await using model = options.swarm ? await startScriptedModel(recordedSwarm()) : undefined;
  say(`A GitHub of our own is up at ${github.url}; no account is used.`);
  if (model) say("The model's words are recorded: a script answers in a model's place.");
  const { nexus, webhookUrl } = await startNexus(github, model);
  try {
    await until(() => answers(webhookUrl), { what: "Nexus to start", orFail: () => ended(nexus) });
    github.setWebhook(webhookUrl);
    say("Nexus is up: web, publisher, worker, and a PostgreSQL and a Redis of its own.");
    const issue = await askFor(github);
    const url = await follow(github, issue, nexus);
    if (!url) return 1;
    say(`${ANSI.bold}Done: ${url}${ANSI.off}`);
    if (process.stdout.isTTY || options.stay) {
      say("Open it in a browser. Ctrl-C ends the demo.");
      await stopped(signal);
    }
    return 0;
  } finally {
    await nexus.stop();
  }
}

async function startNexus(github: GitHubWorld, model: ScriptedModel | undefined) {
  const [port, brokerPort] = await Promise.all([freePort(), freePort()]);
  const log = createWriteStream(logFile);
  const nexus = startChild({
    command: process.execPath,
    args: [resolve(import.meta.dirname, "../../src/start.ts")],
    env: {
      ...surroundings(),
      GITHUB_URL: github.url,
      WEBHOOK_SECRET: github.app.webhookSecret,
      APP_ID: String(github.app.id),
      PRIVATE_KEY: github.app.privateKey,
      NEXUS_FOLDER: join(folder, "nexus"),
      PORT: String(port),
      BROKER_URL: `http://127.0.0.1:${brokerPort}`,
      SANDBOX_OWNER: "nexus-demo",
      ...(model && { MODEL: "local:recorded", LOCAL_MODEL_URL: model.url }),
    },
    name: "nexus",
    log: quietLog(),
    onLine: (line) => log.write(`${line}\n`),
  });
  return { nexus, webhookUrl: `http://127.0.0.1:${port}/api/github/webhooks` };
}

function surroundings(): Record<string, string> {
  const names = [
    "PATH",
    "HOME",
    "LANG",
    "TZ",
    "NODE_EXTRA_CA_CERTS",
    "NPM_REGISTRY",
    "DOCKER_HOST",
  ];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])),
  );
}

async function answers(webhookUrl: string): Promise<boolean> {
  const response = await fetch(new URL("/health", webhookUrl)).catch(() => undefined);
  return response?.ok ?? false;
}

/** The repository, the issue and the comment that starts it all. */
async function askFor(github: GitHubWorld): Promise<number> {
  const files = await sampleRepository("sums");
  const tidy = options.swarm ? await sampleRepository("sums-tidy") : {};
  await github.createRepository({ ...REPOSITORY, files: { ...files, ...tidy } });
  github.addCollaborator(REPOSITORY, PERSON, "write");
  const [title, body, request] = options.swarm
    ? [
        "More statistics",
        "We need median, range and mode.",
        "add median, range and mode, each with tests",
      ]
    : ["CI is red", "The formatting check fails on main.", "fix the failing checks"];
  const issue = github.openIssue(REPOSITORY, { title, body, by: PERSON });
  say(`@${PERSON} opened ${github.url}/acme/sums/issues/${issue}: ${title}`);
  const comment = `/nexus ${request}`;
  await github.comment(REPOSITORY, issue, { by: PERSON, body: comment });
  say(`@${PERSON} commented: ${ANSI.bold}${comment}${ANSI.off}`);
  return issue;
}

/** Prints the tracking comment as it changes, until the task has ended; the pull request's address, if there is one. */
async function follow(
  github: GitHubWorld,
  issue: number,
  nexus: Child,
): Promise<string | undefined> {
  let shown = "";
  const ending = await until(
    async () => {
      const body = await trackingComment(github, issue);
      const line = statusOf(body);
      if (line !== shown) say(`Nexus: ${line}`);
      shown = line;
      return body !== "" && !/### Nexus: (accepted|working)/.test(body) ? body : undefined;
    },
    { what: "the task to end", timeoutMs: 180_000, orFail: () => ended(nexus) },
  );
  process.stdout.write(`\n${ending.replace(/^<!--.*-->\n/, "")}\n`);
  const [pull] = await github.pulls(REPOSITORY);
  if (!pull) return undefined;
  say(`The issue with its one comment: ${github.url}/acme/sums/issues/${issue}`);
  return `${github.url}/acme/sums/pull/${pull.number}`;
}

async function trackingComment(github: GitHubWorld, issue: number): Promise<string> {
  const comments = await github.comments(REPOSITORY, issue);
  return comments.find(({ body }) => body.startsWith("<!-- nexus:task"))?.body ?? "";
}

function statusOf(body: string): string {
  const now = /\*\*Now:\*\* (.*)/.exec(body)?.[1];
  const headline = /### Nexus: (.*)/.exec(body)?.[1];
  return now ?? headline ?? "the delivery is kept";
}

function ended(nexus: Child): string | false {
  if (signal.aborted) return "interrupted";
  return isRunning(nexus) ? false : `Nexus ended; what it said is in ${logFile}.`;
}

function isRunning({ pid }: Child): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}
