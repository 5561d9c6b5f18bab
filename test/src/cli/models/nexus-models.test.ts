import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempDisposable, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";
import { tryModels } from "../../../../src/cli/models/try-models.ts";
import { fakeModel } from "../../../fakes/fake-model.ts";
import { makeClaudeFolder } from "../../../world/model/claude-folder.ts";
import { claudeStream } from "../../../world/model/claude-stream.ts";
import type { Script } from "../../../world/model/script.ts";
import { startScriptedModel } from "../../../world/model/scripted-model.ts";

const MAIN = resolve(import.meta.dirname, "../../../../src/cli/main.ts");
const KEY = "sk-canary-0123456789-abcdef";

/** Runs `nexus models` with these settings. */
async function nexusModels(env: Readonly<Record<string, string>>, ...args: readonly string[]) {
  const child = spawn(process.execPath, [MAIN, "models", ...args], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { out: "", err: "" };
  child.stdout.on("data", (data) => (said.out += data));
  child.stderr.on("data", (data) => (said.err += data));
  const [code] = await once(child, "close");
  expect(said.out + said.err).not.toContain("canary");
  return { code, ...said };
}

/** A server of one's own whose models are `good`, and others that refuse the key and quote it. */
const script: Script = ({ body }) =>
  body.model === "good"
    ? { text: "ok" }
    : { status: 401, body: { error: { message: `Bad key ${KEY}`, code: "invalid_api_key" } } };

it("lists every role, tries each model once, and says with 0 that all answer", async () => {
  await using server = await startScriptedModel(script);

  const { code, out, err } = await nexusModels({
    MODEL: "local:good",
    LOCAL_MODEL_URL: server.url,
    LOCAL_MODEL_KEY: KEY,
  });

  expect({ code, err }).toEqual({ code: 0, err: "" });
  expect(out).toMatch(/^architect {2}local:good\nworker {5}local:good\n/);
  expect(out).toMatch(/^ok {5}local:good {2}\d+ ms {2}\d+ tokens in, \d+ out/m);
  expect(server.requests).toHaveLength(1);
});

it("says why one does not answer and what to do, and no key", async () => {
  await using server = await startScriptedModel(script);

  const { code, out } = await nexusModels({
    MODEL: "local:good,local:bad",
    LOCAL_MODEL_URL: server.url,
    LOCAL_MODEL_KEY: KEY,
  });

  expect(code).toBe(1);
  expect(out).toMatch(/^ok {5}local:good/m);
  expect(out).toMatch(
    /^error {2}local:bad {2}\d+ ms {2}model\.auth\n {2}.*Bad key \[key\].*\n {2}Check/m,
  );
});

it("says the same to programs", async () => {
  await using server = await startScriptedModel(script);

  const { code, out } = await nexusModels(
    {
      MODEL: "local:good",
      MODEL_MERGE: "local:bad,local:good",
      LOCAL_MODEL_URL: server.url,
      LOCAL_MODEL_KEY: KEY,
    },
    "--json",
  );

  expect(code).toBe(1);
  expect(JSON.parse(out)).toMatchObject({
    ok: false,
    roles: { architect: ["local:good"], merge: ["local:bad", "local:good"] },
    models: [
      {
        provider: "local",
        model: "good",
        roles: ["architect", "worker", "merge", "memory"],
        ok: true,
        latencyMs: expect.any(Number),
        usage: { calls: 1 },
      },
      { provider: "local", model: "bad", roles: ["merge"], ok: false, code: "model.auth" },
    ],
  });
});

it.each<[string, Record<string, string>, string]>([
  ["no model", {}, "No model is configured."],
  ["no key", { MODEL: "kimi:k3" }, "KIMI_API_KEY: missing, although MODEL names kimi"],
  ["an old name", { MODEL_API_KEY: KEY }, "MODEL_API_KEY: no longer a setting; write MODEL="],
])("says with 2 that there is nothing to try: %s", async (_name, env, expected) => {
  const { code, out, err } = await nexusModels(env);

  expect({ code, out }).toEqual({ code: 2, out: "" });
  expect(err).toContain(expected);
});

it("a model that cannot even be opened is one that does not answer", async () => {
  await using folder = await mkdtempDisposable(join(tmpdir(), "nexus-models-"));
  const profile = join(folder.path, "profile.json");
  await writeFile(profile, '{"authentication":{"type":"user_oauth"}}');

  const { code, out } = await nexusModels({
    MODEL: "anthropic:opus",
    ANTHROPIC_PROFILE_PATH: profile,
  });

  expect(code).toBe(1);
  expect(out).toMatch(/^error {2}anthropic:opus {2}\d+ ms {2}config\.invalid\n/m);
});

it("whoever uses their own Claude Code is warned, and it is asked like any other", async () => {
  await using claude = await makeClaudeFolder();
  await claude.play({ lines: claudeStream("ok") });
  const env = {
    MODEL: "claude-code:opus",
    CLAUDE_CODE_PROGRAM: claude.program,
    CLAUDE_CODE_ONLY_MINE: "yes",
  };

  const [text, json] = await Promise.all([nexusModels(env), nexusModels(env, "--json")]);

  expect(text).toMatchObject({ code: 0, err: "" });
  expect(text.out).toMatch(
    /^warning {2}claude-code runs your own Claude Code program, signed in as you/m,
  );
  expect(text.out).toMatch(/^ok {5}claude-code:opus/m);
  expect(JSON.parse(json.out)).toMatchObject({
    ok: true,
    warnings: [expect.stringContaining("nobody but you")],
  });
});

it("all are asked at once", async () => {
  let asked = 0;
  const both = Promise.withResolvers<void>();
  const open = () => ({
    ...fakeModel([]),
    async reply() {
      asked += 1;
      if (asked === 2) both.resolve();
      await both.promise;
      const usage = { calls: 1, input: 1, cachedInput: 0, output: 1 };
      return { text: "ok", calls: [], usage, stop: "end" as const };
    },
  });
  const roles = { worker: ["a", "b"].map((model) => ({ provider: "local", model })) };

  const tried = await tryModels({ roles, open, now: () => 0 }, new AbortController().signal);

  expect(tried.map(({ ok }) => ok)).toEqual([true, true]);
});
