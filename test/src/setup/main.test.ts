import { spawn } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { until } from "../../world/until.ts";
import { startManifestGitHub } from "./manifest-github.ts";

const MAIN = resolve(import.meta.dirname, "../../../src/setup/main.ts");

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nexus-setup-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** `npm run setup` as a process of its own, away from any terminal. */
function run(args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [MAIN, ...args], {
    cwd: folder,
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed = { out: "", err: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    printed.out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    printed.err += text;
  });
  const exited = new Promise<number | null>((done) => {
    child.once("close", done);
  });
  return { child, printed, exited };
}

it("says without a terminal what it needs, and asks nothing", async () => {
  const { printed, exited } = run([]);

  const exitCode = await exited;

  expect(exitCode).toBe(1);
  expect(printed).toEqual({
    out: "",
    err: "--url: where GitHub reaches this installation.\n  For example: npm run setup -- --url https://nexus.example.org [--org my-organization]\n",
  });
  expect(await readdir(folder)).toEqual([]);
});

it("registers the App of app.yml without a terminal when it is told the address", async () => {
  await using github = await startManifestGitHub();
  const { printed, exited } = run(["--url", "https://nexus.example.org"], {
    GITHUB_URL: github.url,
  });
  const page = await until(() => /http:\/\/127\.0\.0\.1:\d+\//.exec(printed.out)?.[0], {
    what: "the address of the page",
    timeoutMs: 20_000,
    tell: () => printed.err,
  });
  const html = await (await fetch(page)).text();
  const state = /state=([0-9a-f]{64})/.exec(html)?.[1] ?? "";

  await fetch(`${page}registered?code=good-code&state=${state}`);
  const exitCode = await exited;

  expect({ exitCode, err: printed.err }).toEqual({ exitCode: 0, err: "" });
  expect(await readFile(join(folder, ".env"), "utf8")).toContain("APP_ID=4711\n");
  expect(printed.out).not.toContain("c1b2a394");
});

it("ends at once when it is stopped", async () => {
  const { child, printed, exited } = run(["--url", "https://nexus.example.org"]);
  await until(() => printed.out.includes("http://127.0.0.1:"), { what: "the page" });

  child.kill("SIGTERM");
  const exitCode = await exited;

  expect(exitCode).toBe(1);
  expect(printed.err).toContain("nothing was written");
});

it("refuses an argument it does not know", async () => {
  const { printed, exited } = run(["--adress", "https://nexus.example.org"]);

  expect(await exited).toBe(1);
  expect(printed.err).toContain("--adress");
});
