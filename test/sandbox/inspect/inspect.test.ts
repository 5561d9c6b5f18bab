import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_LIMITS } from "../../../sandbox/container/limits.ts";
import { type InspectWish, inspect } from "../../../sandbox/inspect/inspect.ts";
import { createInspector, type Inspector } from "../../../sandbox/inspect/inspector.ts";
import { containersOf, leftovers } from "../engine-world.ts";
import { type SmallRepository, smallRepository } from "../small-repository.ts";
import { noDocker, type TestSandbox, testSandbox } from "../test-sandbox.ts";
import { recordingScreen, wishFor } from "./recording-screen.ts";

const never = new AbortController().signal;

const FILES = {
  "kept.txt": "kept\n",
  "edited.txt": "one\ntwo\nthree\n",
  "same.txt": "same\n",
  "gone.txt": "gone\n",
  "tool.sh": "echo hello\n",
  "again/old.txt": "old\n",
  "again/stays.txt": "stays\n",
  link: { link: "kept.txt" },
  ".gitignore": "built/\n",
} as const;

const WORK = String.raw`
printf 'one\n2\nthree\n' > edited.txt
touch same.txt
rm gone.txt
chmod 755 tool.sh
rm -r again && mkdir again && echo stays > again/stays.txt
ln -sfn edited.txt link
mkdir built && echo x > built/out
printf 'a\033[31mred\033]52;c;aGk=\007\rblue\n' > hostile.txt
printf odd > "$(printf 'odd\nname\033')"
printf '%s' secret > "-dash"
`;

const inspectorIn = ({ folder, owner }: TestSandbox): Inspector =>
  createInspector({
    image: "nexus-sandbox:latest",
    folder,
    owner,
    limits: { ...DEFAULT_LIMITS, memoryMb: 512, cpus: 1 },
  });

async function asked(parts: TestSandbox, wish: InspectWish, isTerminal = false) {
  const { screen, shown } = recordingScreen(isTerminal);
  await using inspector = inspectorIn(parts);
  const code = await inspect(inspector, { wish, screen }, never);
  return { code, ...shown };
}

describe.skipIf(noDocker).each(["overlay", "copy", "upload"] as const)(
  "a held workspace (%s)",
  (mirror) => {
    let repository: SmallRepository;
    let parts: TestSandbox;
    beforeAll(async () => {
      repository = await smallRepository(FILES);
      parts = await testSandbox({ mirror, holdMs: 3_600_000 });
      const { gitDir, commit } = repository;
      await using session = await parts.sandbox.open({ gitDir, commit, taskId: "task-1" }, never);
      const { exitCode, output } = await session.run(["sh", "-ec", WORK]);
      expect([exitCode, output]).toEqual([0, ""]);
      await session.hold("verification failed");
    });
    afterAll(async () => {
      await parts[Symbol.asyncDispose]();
      await repository[Symbol.asyncDispose]();
    });

    it("is listed", async () => {
      const { code, out } = await asked(parts, wishFor("", "sessions"));

      expect(code).toBe(0);
      expect(out).toMatch(/^TASK +SESSION +STATE +TIME \(UTC\) +COMMIT +WHY\n/);
      const commit = repository.commit.slice(0, 12);
      expect(out).toMatch(
        new RegExp(`\ntask-1 +1 +held +until \\S+ \\S+ +${commit} +verification failed\n$`),
      );
    });

    it("is summed up as what differs from its commit", async () => {
      const { code, out } = await asked(parts, wishFor("task-1", "summary"));

      expect(code).toBe(0);
      expect(out).toContain("task-1, session 1: held until");
      expect(out).toContain(
        String.raw`
8 paths differ from the commit:
  A -dash
  D again/old.txt
  M edited.txt
  D gone.txt
  A hostile.txt
  M link
  ! "odd\nname\033": control characters in a name
  M tool.sh (mode)
1 of them git must never carry.
1 more that git ignores.
`,
      );
    });

    it("is compared with its commit, and nothing in it acts on the terminal", async () => {
      const { code, out } = await asked(parts, wishFor("task-1", "diff"));

      expect(code).toBe(0);
      expect(out).toContain(
        "--- a/edited.txt\n+++ b/edited.txt\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n",
      );
      expect(out).toContain("deleted file mode 100644");
      expect(out).toContain("diff --git a/tool.sh b/tool.sh\nold mode 100644\nnew mode 100755\n");
      expect(out).toContain("-kept.txt\n\\ No newline at end of file\n+edited.txt\n");
      expect(out).toContain("+a␛[31mred␛]52;c;aGk=␇␍blue\n");
      expect(out).toContain(String.raw`+++ b/"odd\nname\033"`);
      expect(out).not.toMatch(/[^\P{Cc}\n\t]/u);
    });

    it("is compared below one path", async () => {
      const { out } = await asked(parts, wishFor("task-1", "diff", { path: "./again/" }));

      expect(out.match(/^diff --git .*$/gm)).toEqual([
        "diff --git a/again/old.txt b/again/old.txt",
      ]);
    });

    it("is listed as it is now", async () => {
      const top = await asked(parts, wishFor("task-1", "list"));
      const again = await asked(parts, wishFor("task-1", "list", { path: "again" }));
      const file = await asked(parts, wishFor("task-1", "list", { path: "again/stays.txt" }));

      expect(top.out).toMatch(/^-rw-r--r-- +6 +-dash\n/);
      expect(top.out).toMatch(/^d\S+ +- +again\/$/m);
      expect(top.out).toMatch(/^-rwxr-xr-x +11 +tool\.sh$/m);
      expect(top.out).not.toContain("gone.txt");
      expect(again.out).toBe("-rw-r--r--  6  stays.txt\n");
      expect(file.out).toBe("-rw-r--r--  6  stays.txt\n");
    });

    it.each([
      ["edited.txt", "one\n2\nthree\n"],
      ["/workspace/kept.txt", "kept\n"],
      ["again/stays.txt", "stays\n"],
      ["-dash", "secret"],
      [String.raw`"odd\nname\033"`, "odd"],
      ["hostile.txt", "a\u001b[31mred\u001b]52;c;aGk=\u0007\rblue\n"],
    ])("is read byte for byte: %s", async (path, content) => {
      expect(await asked(parts, wishFor("task-1", "read", { path }))).toEqual({
        code: 0,
        out: content,
        err: "",
      });
    });

    it("is read without its escapes at a terminal", async () => {
      const { out } = await asked(parts, wishFor("task-1", "read", { path: "hostile.txt" }), true);

      expect(out).toBe("a␛[31mred␛]52;c;aGk=␇␍blue\n");
    });

    it.each([
      ["gone.txt", "There is no gone.txt in the workspace."],
      ["again/old.txt", "There is no again/old.txt in the workspace."],
      ["kept.txt/below", "There is no kept.txt/below in the workspace."],
      ["link", "link: not a file"],
      ["again", "again: not a file"],
    ])("has nothing to read at %s", async (path, why) => {
      const { code, out, err } = await asked(parts, wishFor("task-1", "read", { path }));

      expect({ code, out }).toEqual({ code: 1, out: "" });
      expect(err).toContain(why);
    });

    it.each(["../etc/passwd", "/etc/passwd", "a/../../b", String.raw`"\000"`])(
      "has no place %s",
      async (path) => {
        const { code, err } = await asked(parts, wishFor("task-1", "read", { path }));

        expect({ code, err }).toEqual({
          code: 2,
          err: "PATH is a path below the workspace, such as src/main.ts.\n",
        });
      },
    );

    it("is seen by a command that cannot write it, from a container that goes with it", async () => {
      const before = await leftovers(parts.owner);
      const script =
        "cat edited.txt; ls again; ls gone.txt; (echo x > kept.txt); (echo x > new.txt); exit 7";
      const command = ["sh", "-c", `${script}`];

      const { code, out, err } = await asked(parts, wishFor("task-1", "shell", { command }));

      expect(code).toBe(7);
      expect(out).toBe("one\n2\nthree\nstays.txt\n");
      expect(err).toContain("gone.txt");
      expect(err.match(/Read-only file system/g)).toHaveLength(2);
      expect(await leftovers(parts.owner)).toBe(before);
      expect(await readdir(join(parts.folder, "processes"))).toHaveLength(1);
    });

    it("is not changed by any of this", async () => {
      const held = (await containersOf(parts.owner)).map(({ State }) => State);
      const { out } = await asked(parts, wishFor("task-1", "summary"));

      expect(held).toEqual(["paused"]);
      expect(out).toContain("8 paths differ");
    });
  },
);
