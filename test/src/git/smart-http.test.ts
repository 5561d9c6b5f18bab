import { execFileSync } from "node:child_process";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { createMirrors } from "../../../src/git/mirrors.ts";
import { pushBundle } from "../../../src/git/push.ts";
import { type Fault, gitServer, serve } from "./git-server.ts";
import {
  freshSignal,
  git,
  mirrorOf,
  temporaryFolder,
  upstreamWith,
  write,
} from "./sample-repository.ts";

// As long, and with the same characters, as the tokens GitHub hands out now.
const token = `ghs_123_${"aB-_".repeat(60)}.${"xY9".repeat(50)}`;
const repo = { owner: "ada", name: "sample" };
const branch = "nexus/fix-1";

async function served(fault?: Fault) {
  const upstream = await upstreamWith({ a: "1\n" });
  const server = await gitServer(dirname(upstream.gitDir), { token, ...(fault ? { fault } : {}) });
  const folder = await temporaryFolder();
  return { upstream, server, folder, url: `${server.url}/upstream.git` };
}

async function servedPush(fault: Fault) {
  const { upstream, folder, url } = await served(fault);
  const mirror = await mirrorOf(upstream);
  const made = await mirror.commitEdits({
    parent: upstream.main,
    edits: [write("a", "2\n")],
    message: "m",
  });
  const bundle = await mirror.bundle(upstream.main, made.commit);
  const what = {
    taskId: "t",
    base: upstream.main,
    head: made.commit,
    tree: made.tree,
    bundle,
    branch,
  };
  const push = () => pushBundle({ ...what, folder, repo, url, token, signal: freshSignal() });
  return { upstream, made, push };
}

describe("git over http", () => {
  it("fetches with the token, which is in no file of the mirrors", async () => {
    const { upstream, server, folder, url } = await served();
    const mirror = await createMirrors({ folder }).open(repo);

    const sha = await mirror.fetch({ url, token, ref: "refs/heads/main", signal: freshSignal() });

    expect(sha).toBe(upstream.main);
    expect(server.seen).toContain(
      `Basic ${Buffer.from(`x-access-token:${token}`).toString("base64")}`,
    );
    expect(() => execFileSync("grep", ["-r", "--", token.slice(8, 40), folder])).toThrow();
  });

  it("fetches a commit by its id", async () => {
    const { upstream, folder, url } = await served();
    upstream.commit({ a: "2\n" }, { parents: [upstream.main] });
    const mirror = await createMirrors({ folder }).open(repo);

    expect(await mirror.fetch({ url, token, ref: upstream.main, signal: freshSignal() })).toBe(
      upstream.main,
    );
  });

  it("shows the token in no process list", async () => {
    const commands: string[] = [];
    const { folder, url } = await served(() => {
      commands.push(execFileSync("ps", ["-eww", "-o", "args"], { encoding: "utf8" }));
      return false;
    });
    const mirror = await createMirrors({ folder }).open(repo);

    await mirror.fetch({ url, token, ref: "refs/heads/main", signal: freshSignal() });

    expect(commands.join()).toContain("remote-http");
    expect(commands.join()).not.toContain(token);
  });

  it.each([
    ["a wrong token", "ghs_wrong"],
    ["no token", undefined],
  ])(
    "says that access is missing with %s, without asking anybody or naming the token",
    async (_name, wrong) => {
      const { folder, url } = await served();
      const mirror = await createMirrors({ folder }).open(repo);

      const fetching = mirror.fetch({
        url,
        token: wrong,
        ref: "refs/heads/main",
        signal: freshSignal(),
      });

      await expect(fetching).rejects.toMatchObject({
        code: "git.unreachable",
        retryable: false,
        hint: expect.stringContaining("App"),
        message: expect.not.stringContaining("ghs_wrong"),
      });
    },
  );

  it.each([
    [404, false],
    [403, false],
    [500, true],
    [503, true],
    [429, true],
  ])("takes HTTP %i for a failure that may pass: %s", async (status, retryable) => {
    const { folder, url } = await served((_request, response) => {
      response.writeHead(status).end("\u001b[2J");
      return true;
    });
    const mirror = await createMirrors({ folder }).open(repo);

    const fetching = mirror.fetch({ url, token, ref: "refs/heads/main", signal: freshSignal() });

    await expect(fetching).rejects.toMatchObject({ code: "git.unreachable", retryable });
  });

  it("repeats neither the token nor escapes that the remote writes into its error", async () => {
    const { folder, url } = await served((_request, response) => {
      response.writeHead(403, { "content-type": "text/plain" }).end(`no \u001b[2J${token} here\n`);
      return true;
    });
    const mirror = await createMirrors({ folder }).open(repo);

    const fetching = mirror.fetch({ url, token, ref: "refs/heads/main", signal: freshSignal() });

    await expect(fetching).rejects.toMatchObject({
      message: expect.stringContaining("remote: no [2J*** here"),
    });
  });

  it("does not carry the token where a redirect leads", async () => {
    const elsewhere = await served();
    const { folder, url } = await served((request, response) => {
      response.writeHead(301, { location: `${elsewhere.server.url}${request.url}` }).end();
      return true;
    });
    const mirror = await createMirrors({ folder }).open(repo);

    const fetching = mirror.fetch({ url, token, ref: "refs/heads/main", signal: freshSignal() });

    await expect(fetching).rejects.toMatchObject({ code: "git.unreachable" });
    expect(elsewhere.server.seen).toEqual([]);
  });

  it("stops a transfer that hangs when it is told to", async () => {
    const stop = new AbortController();
    const { folder, url } = await served(() => {
      stop.abort();
      return true;
    });
    const mirror = await createMirrors({ folder }).open(repo);

    const fetching = mirror.fetch({ url, token, ref: "refs/heads/main", signal: stop.signal });

    await expect(fetching).rejects.toMatchObject({ code: "aborted" });
  });

  it("does not make a fetch that was stopped wait for another that hangs", async () => {
    const { promise: hanging, resolve: hangs } = Promise.withResolvers<void>();
    const { folder, url } = await served(() => {
      hangs();
      return true;
    });
    const mirror = await createMirrors({ folder }).open(repo);
    const [first, second] = [new AbortController(), new AbortController()];
    const fetch = (signal: AbortSignal) =>
      mirror.fetch({ url, token, ref: "refs/heads/main", signal });
    const fetching = fetch(first.signal).catch((error: unknown) => error);
    const waiting = fetch(second.signal);
    await hanging;

    second.abort();

    await expect(waiting).rejects.toMatchObject({ code: "aborted" });
    expect(first.signal.aborted).toBe(false);
    first.abort();
    expect(await fetching).toMatchObject({ code: "aborted" });
  });

  it("pushes, and finds its push when the reply is lost", async () => {
    let lost = 0;
    let root = "";
    const { upstream, made, push } = await servedPush((request, response) => {
      if (request.method !== "POST" || !request.url?.endsWith("git-receive-pack") || lost > 0)
        return false;
      lost += 1;
      const writeHead = response.writeHead.bind(response);
      // The backend does its work; the connection dies before a byte of the answer.
      response.writeHead = ((...args: Parameters<typeof writeHead>) => {
        response.destroy();
        return writeHead(...args);
      }) as typeof response.writeHead;
      serve(root, request, response);
      return true;
    });
    root = dirname(upstream.gitDir);

    expect(await push()).toEqual({ head: made.commit, tree: made.tree });
    expect(lost).toBe(1);
    expect(upstream.tip(branch)).toBe(made.commit);
  });

  it("calls a push that did not arrive unreachable, and succeeds the next time", async () => {
    let broken = true;
    const { upstream, made, push } = await servedPush((request, response) => {
      if (!broken || !request.url?.includes("git-receive-pack")) return false;
      response.writeHead(502).end();
      return true;
    });

    await expect(push()).rejects.toMatchObject({ code: "git.unreachable", retryable: true });
    broken = false;

    expect(await push()).toEqual({ head: made.commit, tree: made.tree });
    expect(upstream.tip(branch)).toBe(made.commit);
  });

  it("never overwrites a commit that arrives while it pushes", async () => {
    let theirs = "";
    let gitDir = "";
    const { upstream, push } = await servedPush((request) => {
      if (request.method === "POST" && request.url?.endsWith("git-receive-pack") && !theirs) {
        theirs = git(gitDir, [
          "commit-tree",
          "-m",
          "theirs",
          git(gitDir, ["rev-parse", "main^{tree}"]),
        ]);
        git(gitDir, ["update-ref", `refs/heads/${branch}`, theirs]);
      }
      return false;
    });
    gitDir = upstream.gitDir;

    await expect(push()).rejects.toMatchObject({ code: "git.rejected" });
    expect(upstream.tip(branch)).toBe(theirs);
  });
});
