import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { createMirrors } from "../../../src/git/mirrors.ts";
import {
  freshSignal,
  git,
  mirrorOf,
  temporaryFolder,
  upstreamWith,
  write,
} from "./sample-repository.ts";

const repo = { owner: "ada", name: "sample" };

describe("mirrors", () => {
  it("fetches a branch with its full tree and without history", async () => {
    const upstream = await upstreamWith({ "README.md": "one\n" });
    const second = upstream.commit(
      { "README.md": "two\n", "src/a.ts": "a" },
      { parents: [upstream.main] },
    );
    const mirror = await createMirrors({ folder: await temporaryFolder(), allowFile: true }).open(
      repo,
    );

    const sha = await mirror.fetch({
      url: upstream.url,
      ref: "refs/heads/main",
      signal: freshSignal(),
    });

    expect(sha).toBe(second);
    expect(await mirror.listFiles(sha)).toEqual(["README.md", "src/a.ts"]);
    expect(await mirror.readFile(sha, "README.md")).toBe("two\n");
    expect(await mirror.treeOf(sha)).toBe(git(upstream.gitDir, ["rev-parse", `${sha}^{tree}`]));
    expect(await mirror.hasCommit(upstream.main)).toBe(false);
  });

  it("fetches a commit by its id when the branch has moved on", async () => {
    const upstream = await upstreamWith({ a: "1" });
    const mirror = await mirrorOf(upstream);
    const second = upstream.commit({ a: "2" }, { parents: [upstream.main] });
    upstream.commit({ a: "3" }, { parents: [second] });

    const sha = await mirror.fetch({ url: upstream.url, ref: second, signal: freshSignal() });

    expect(sha).toBe(second);
    expect(await mirror.readFile(second, "a")).toBe("2");
  });

  it("answers many fetches at once, from two openings of one mirror", async () => {
    const upstream = await upstreamWith({ a: "1" });
    const mirrors = createMirrors({ folder: await temporaryFolder(), allowFile: true });
    const opened = await Promise.all([mirrors.open(repo), mirrors.open(repo), mirrors.open(repo)]);

    const shas = await Promise.all(
      opened.map((m) =>
        m.fetch({ url: upstream.url, ref: "refs/heads/main", signal: freshSignal() }),
      ),
    );

    expect(new Set(shas)).toEqual(new Set([upstream.main]));
  });

  it("opens one mirror from several processes' worth of mirrors at once", async () => {
    const folder = await temporaryFolder();

    const all = await Promise.all([1, 2, 3, 4].map(() => createMirrors({ folder }).open(repo)));

    expect(new Set(all.map((m) => m.gitDir))).toEqual(new Set([join(folder, "ada/sample.git")]));
    expect(await readdir(join(folder, "ada"))).toEqual(["sample.git"]);
  });

  it("keeps all it fetched and made when git collects garbage", async () => {
    const upstream = await upstreamWith({ a: "1" });
    const mirror = await mirrorOf(upstream);
    const made = await mirror.commitEdits({
      parent: upstream.main,
      edits: [write("b", "2")],
      message: "m",
    });
    const second = upstream.commit({ a: "3" });
    await mirror.fetch({ url: upstream.url, ref: "refs/heads/main", signal: freshSignal() });
    const third = upstream.commit({ a: "4" });
    await mirror.fetch({ url: upstream.url, ref: "refs/heads/main", signal: freshSignal() });

    git(mirror.gitDir, ["gc", "--quiet", "--prune=now"]);

    const kept = [upstream.main, made.commit, second, third];
    expect(await Promise.all(kept.map((commit) => mirror.hasCommit(commit)))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(await mirror.readFile(second, "a")).toBe("3");
  });

  it("keeps the history of its own commit when that commit is fetched back", async () => {
    const upstream = await upstreamWith({ a: "1" });
    const mirror = await mirrorOf(upstream);
    const made = await mirror.commitEdits({
      parent: upstream.main,
      edits: [write("b", "2")],
      message: "m",
    });
    git(upstream.gitDir, ["fetch", "--quiet", mirror.gitDir, made.commit]);
    git(upstream.gitDir, ["update-ref", "refs/heads/main", made.commit]);

    await mirror.fetch({ url: upstream.url, ref: "refs/heads/main", signal: freshSignal() });

    expect(git(mirror.gitDir, ["rev-list", made.commit]).split("\n")).toEqual([
      made.commit,
      upstream.main,
    ]);
  });

  it("says so when the branch is not there", async () => {
    const upstream = await upstreamWith({ a: "1" });
    const mirror = await mirrorOf(upstream);

    const fetching = mirror.fetch({
      url: upstream.url,
      ref: "refs/heads/gone",
      signal: freshSignal(),
    });

    await expect(fetching).rejects.toMatchObject({ code: "git.failed", retryable: false });
  });

  it("does not talk to file addresses unless told to", async () => {
    const upstream = await upstreamWith({ a: "1" });
    const mirror = await createMirrors({ folder: await temporaryFolder() }).open(repo);

    const fetching = mirror.fetch({
      url: upstream.url,
      ref: "refs/heads/main",
      signal: freshSignal(),
    });

    await expect(fetching).rejects.toThrow("transport 'file' not allowed");
  });

  it.each([
    "ext::sh -c touch% /tmp/x",
    "ssh://host/x",
    "git@host:x",
    "-x",
    "--upload-pack=x",
    "",
    "/etc",
    "https://user:secret@host/x",
    "git://host/x",
    "ftp://host/x",
  ])("refuses the address %j", async (url) => {
    const mirror = await createMirrors({ folder: await temporaryFolder(), allowFile: true }).open(
      repo,
    );

    const fetching = mirror.fetch({ url, ref: "refs/heads/main", signal: freshSignal() });

    await expect(fetching).rejects.toThrow("not one Nexus talks to");
  });

  it("calls an unreachable remote unreachable, to be tried again", async () => {
    const mirror = await createMirrors({ folder: await temporaryFolder() }).open(repo);

    const fetching = mirror.fetch({
      url: "http://127.0.0.1:9/x.git",
      ref: "refs/heads/main",
      signal: freshSignal(),
    });

    await expect(fetching).rejects.toMatchObject({ code: "git.unreachable", retryable: true });
  });

  it("stops when it is told to", async () => {
    const upstream = await upstreamWith({ a: "1" });
    const mirror = await mirrorOf(upstream);

    const fetching = mirror.fetch({
      url: upstream.url,
      ref: "refs/heads/main",
      signal: AbortSignal.abort(),
    });

    await expect(fetching).rejects.toMatchObject({ code: "aborted" });
  });

  it("runs no hook, monitor, helper or filter that somebody planted in the mirror or at home", async () => {
    const upstream = await upstreamWith({
      a: "1\n",
      ".gitattributes": "* filter=evil diff=evil merge=evil\n",
    });
    const mirror = await mirrorOf(upstream);
    const canary = join(await temporaryFolder(), "canary");
    const script = join(mirror.gitDir, "evil.sh");
    await writeFile(script, `#!/bin/sh\ntouch ${canary}\ncat\n`);
    await chmod(script, 0o755);
    await mkdir(join(mirror.gitDir, "hooks"), { recursive: true });
    for (const hook of [
      "post-checkout",
      "reference-transaction",
      "pre-push",
      "post-index-change",
    ]) {
      await writeFile(join(mirror.gitDir, "hooks", hook), `#!/bin/sh\ntouch ${canary}\n`, {
        mode: 0o755,
      });
    }
    git(mirror.gitDir, ["config", "core.fsmonitor", script]);

    const made = await mirror.commitEdits({
      parent: upstream.main,
      edits: [write("a", "2\n")],
      message: "m",
    });
    await mirror.diff(upstream.main, made.commit, 1000);
    await mirror.bundle(upstream.main, made.commit);
    await mirror.fetch({ url: upstream.url, ref: "refs/heads/main", signal: freshSignal() });

    await expect(stat(canary)).rejects.toThrow("ENOENT");
  });

  it("ignores replacement objects", async () => {
    const upstream = await upstreamWith({ a: "good" });
    const mirror = await mirrorOf(upstream);
    const evil = git(mirror.gitDir, ["hash-object", "-w", "--stdin"], "evil");
    const good = git(mirror.gitDir, ["rev-parse", `${upstream.main}:a`]);
    git(mirror.gitDir, ["replace", good, evil]);

    expect(await mirror.readFile(upstream.main, "a")).toBe("good");
  });

  it("writes nothing about the remote into its configuration", async () => {
    const upstream = await upstreamWith({ a: "1" });
    const mirror = await mirrorOf(upstream);

    const config = await readFile(join(mirror.gitDir, "config"), "utf8");

    expect(config).not.toContain("remote");
  });
});

describe("reading a commit", () => {
  it("knows files from links, folders, submodules and nothing", async () => {
    const upstream = await upstreamWith({
      "dir/file": "text",
      run: { mode: "100755", content: "#!/bin/sh\n" },
      link: { mode: "120000", content: "dir/file" },
      sub: { mode: "160000", content: "a".repeat(40) },
      "*": "star",
      ":(top)x": "magic",
    });
    const mirror = await mirrorOf(upstream);
    const read = (path: string) => mirror.readFile(upstream.main, path);

    expect(await read("dir/file")).toBe("text");
    expect(await read("run")).toBe("#!/bin/sh\n");
    expect(await read("*")).toBe("star");
    expect(await read(":(top)x")).toBe("magic");
    for (const path of [
      "link",
      "dir",
      "dir/",
      "sub",
      "nope",
      "../x",
      "/etc/passwd",
      "",
      "a\0b",
      "-r",
    ]) {
      expect(await read(path), path).toBeUndefined();
    }
    expect(await mirror.listFiles(upstream.main)).toEqual([
      "*",
      ":(top)x",
      "dir/file",
      "link",
      "run",
    ]);
  });

  it("says no to a commit it does not have, and refuses what is no id", async () => {
    const mirror = await mirrorOf(await upstreamWith({ a: "1" }));

    expect(await mirror.hasCommit("a".repeat(40))).toBe(false);
    await expect(mirror.hasCommit("--help")).rejects.toThrow("is not an object id");
    await expect(mirror.readFile("HEAD", "a")).rejects.toThrow("is not an object id");
    await expect(mirror.treeOf("a".repeat(40))).rejects.toMatchObject({ code: "git.failed" });
  });
});
