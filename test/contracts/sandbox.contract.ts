import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Edit } from "../../src/core/change-set.ts";
import type { Sandbox, SandboxSession } from "../../src/core/sandbox.ts";
import { type SmallRepository, smallRepository } from "../sandbox/small-repository.ts";

/** What every Sandbox keeps, whatever its walls. */
export function sandboxContract(name: string, sandbox: () => Sandbox): void {
  describe(`${name} is a Sandbox`, () => {
    let repository: SmallRepository;
    beforeAll(async () => {
      repository = await smallRepository({
        "README.md": "# Small\n",
        "src/a.txt": "a\n",
        "src/b.txt": "b\n",
        "old/one.txt": "1\n",
        "old/deep/two.txt": "2\n",
        "run.sh": { script: "#!/bin/sh\necho ran\n" },
        "to-readme": { link: "README.md" },
        "kept.log": "tracked although ignored\n",
        ".gitignore": "*.log\nbuild/\n",
      });
    });
    afterAll(() => repository[Symbol.asyncDispose]());

    const never = new AbortController().signal;
    const open = (signal = never): Promise<SandboxSession> =>
      sandbox().open(
        { gitDir: repository.gitDir, commit: repository.commit, taskId: "t1" },
        signal,
      );

    it("runs a command in the root of the repository", async () => {
      await using session = await open();

      const result = await session.run(["cat", "src/a.txt"]);

      expect(result).toMatchObject({
        exitCode: 0,
        ending: "exited",
        output: "a\n",
        truncated: false,
      });
    });

    it("reports a failing command as a result, not as an exception", async () => {
      await using session = await open();

      const result = await session.run(["sh", "-c", "echo broken >&2; exit 3"]);

      expect(result).toMatchObject({ exitCode: 3, ending: "exited", output: "broken\n" });
    });

    it("reports a program that is not there as a result", async () => {
      await using session = await open();

      const result = await session.run(["no-such-program"]);

      expect(result.exitCode).not.toBe(0);
    });

    it("passes arguments as they are, without a shell", async () => {
      await using session = await open();

      const result = await session.run(["printf", "%s|", "$(id)", "a b", "*", ""]);

      expect(result.output).toBe("$(id)|a b|*||");
    });

    it("gives standard input and closes it", async () => {
      await using session = await open();

      const given = await session.run(["cat"], { stdin: Buffer.from("hello") });
      const none = await session.run(["sh", "-c", "cat | wc -c | tr -d ' '"], {
        stdin: Buffer.alloc(0),
      });

      expect([given.output, none.output]).toEqual(["hello", "0\n"]);
    });

    it("hands out output as it arrives, cleaned", async () => {
      await using session = await open();
      const heard: string[] = [];

      await session.run(["printf", "\\033[31mred\\033[0m\\nplain"], {
        onOutput: (text) => heard.push(text),
      });

      expect(heard.join("")).toBe("red\nplain");
    });

    it("keeps what one command wrote for the next", async () => {
      await using session = await open();
      await session.run(["sh", "-c", "echo note > note.txt"]);

      const result = await session.run(["cat", "note.txt"]);

      expect(result.output).toBe("note\n");
    });

    it("ends a command whose time is up, and tells so", async () => {
      await using session = await open();

      const result = await session.run(["sh", "-c", "trap '' TERM INT; echo begun; sleep 60"], {
        timeoutMs: 1_000,
      });

      expect(result).toMatchObject({ exitCode: 124, ending: "timeout", output: "begun\n" });
      expect(result.durationMs).toBeLessThan(10_000);
    });

    it("keeps the head and the tail of too much output", async () => {
      await using session = await open();

      const result = await session.run([
        "sh",
        "-c",
        "echo first; yes | head -c 3000000; echo last",
      ]);

      expect(result.truncated).toBe(true);
      expect(result.output.length).toBeLessThan(400_000);
      expect(result.output).toMatch(/^first\n/);
      expect(result.output).toMatch(/last\n$/);
    });

    it("finds no change where nothing changed", async () => {
      await using session = await open();
      await session.run([
        "sh",
        "-c",
        "touch README.md && cp src/a.txt x && cat x > src/a.txt && rm x && git status >/dev/null",
      ]);

      expect(await session.changes()).toEqual([]);
    });

    it("finds every kind of change, deletions first", async () => {
      await using session = await open();
      await session.run([
        "sh",
        "-ec",
        [
          "echo more >> src/a.txt",
          "rm src/b.txt",
          "mkdir new && echo new > new/file.txt",
          "chmod -x run.sh",
          "ln -sfn src/a.txt to-readme",
          "echo changed > kept.log",
          "printf '\\0\\377' > 'a b\"c.bin' && chmod +x 'a b\"c.bin'",
        ].join("\n"),
      ]);

      const edits = await session.changes();

      expect(shown(edits)).toEqual([
        "delete src/b.txt",
        '100755 a b"c.bin 00ff',
        "100644 kept.log changed\n",
        "100644 new/file.txt new\n",
        "100644 run.sh #!/bin/sh\necho ran\n",
        "100644 src/a.txt a\nmore\n",
        "120000 to-readme src/a.txt",
      ]);
    });

    it("tells a folder that was made anew from one that was only written to", async () => {
      await using session = await open();
      await session.run(["sh", "-ec", "rm -r old; mkdir old; echo 3 > old/three.txt"]);

      expect(shown(await session.changes())).toEqual([
        "delete old/deep/two.txt",
        "delete old/one.txt",
        "100644 old/three.txt 3\n",
      ]);
    });

    it("follows files that become folders and folders that become files", async () => {
      await using session = await open();
      await session.run([
        "sh",
        "-ec",
        "rm -r old; echo flat > old; rm README.md; mkdir README.md; echo in > README.md/in.txt; mv src moved",
      ]);

      expect(shown(await session.changes())).toEqual([
        "delete README.md",
        "delete old/deep/two.txt",
        "delete old/one.txt",
        "delete src/a.txt",
        "delete src/b.txt",
        "100644 README.md/in.txt in\n",
        "100644 moved/a.txt a\n",
        "100644 moved/b.txt b\n",
        "100644 old flat\n",
      ]);
    });

    it("leaves out what git ignores, by the rules as they are now", async () => {
      await using session = await open();
      await session.run([
        "sh",
        "-ec",
        "echo x > debug.log; mkdir build cache; echo x > build/out; echo x > cache/c; echo cache/ >> .gitignore; rm -rf .git",
      ]);

      expect(shown(await session.changes())).toEqual(["100644 .gitignore *.log\nbuild/\ncache/\n"]);
    });

    it("runs nothing after the changes were read", async () => {
      await using session = await open();
      await session.changes();

      await expect(session.run(["true"])).rejects.toThrow("frozen");
      await expect(session.changes()).rejects.toThrow("frozen");
    });

    it("refuses to run after it is closed, and closes twice without harm", async () => {
      const session = await open();
      await session[Symbol.asyncDispose]();
      await session[Symbol.asyncDispose]();

      await expect(session.run(["true"])).rejects.toThrow("closed");
    });

    it("stops a running command when the signal fires", async () => {
      const stop = new AbortController();
      await using session = await open(stop.signal);

      const running = session.run(["sh", "-c", "echo begun; sleep 60"], {
        onOutput: () => stop.abort(),
      });

      await expect(running).rejects.toMatchObject({ code: "aborted" });
    });

    it("does not open when the signal has fired already", async () => {
      await expect(open(AbortSignal.abort())).rejects.toMatchObject({ code: "aborted" });
    });

    it("keeps four sessions on the same commit apart", async () => {
      const numbers = ["1", "2", "3", "4"];

      const seen = await Promise.all(
        numbers.map(async (number) => {
          await using session = await open();
          await session.run(["sh", "-c", `echo ${number} > src/a.txt; echo x > only-${number}`]);
          const { output } = await session.run(["sh", "-c", "cat src/a.txt; ls | grep only"]);
          return output;
        }),
      );

      expect(seen).toEqual(numbers.map((number) => `${number}\nonly-${number}\n`));
    });

    it.each([
      ["git's folder below the top", "mkdir -p sub/.git/hooks; echo x > sub/.git/hooks/x"],
      ["git's folder in other letters", "mkdir .GIT; echo x > .GIT/config"],
      ["git's folder by its short name", "mkdir git~1; echo x > git~1/config"],
      ["git's folder with a trailing dot", "mkdir .git.; echo x > .git./config"],
      [
        "git's folder with a hidden character",
        "d=$(printf '.g\\342\\200\\214it'); mkdir $d; echo x > $d/x",
      ],
      ["a link out of the repository", "ln -s ../../etc/passwd leak"],
      ["a link by an absolute path", "ln -s /etc/passwd leak"],
      ["a link into git's folder", "ln -s .git/config leak"],
      ["a FIFO", "mkfifo pipe"],
      ["a name with a newline", "echo x > \"$(printf 'a\\nb')\""],
      ["a name that is not UTF-8", "echo x > \"$(printf 'a\\377b')\""],
      ["a name that turns the direction of reading", "echo x > \"$(printf 'a\\342\\200\\256b')\""],
      ["a file that is too large", "truncate -s 101M big.bin"],
    ])("refuses %s", async (_what, script) => {
      await using session = await open();
      const made = await session.run(["sh", "-ec", script]);

      expect(made).toMatchObject({ exitCode: 0, output: "" });
      await expect(session.changes()).rejects.toMatchObject({ code: "sandbox.refused-path" });
    });

    it("reads one regular file by its absolute path, up to a size", async () => {
      await using session = await open();
      const { output } = await session.run(["sh", "-c", "printf '\\000\\377x' > 'a b'; pwd"]);
      const folder = output.trim();

      expect(Buffer.from((await session.readFile(`${folder}/a b`, 3)) ?? []).toString("hex")).toBe(
        "00ff78",
      );
      expect(await session.readFile(`${folder}/a b`, 2)).toBeUndefined();
      expect(await session.readFile("src/a.txt", 100)).toBeUndefined();
    });

    it.each([
      ["nothing", "true"],
      ["a folder", "mkdir it"],
      ["a link", "ln -s README.md it"],
      ["a FIFO", "mkfifo it"],
      ["an endless device behind a link", "ln -s /dev/zero it"],
    ])("finds no file to read in %s", async (_what, script) => {
      await using session = await open();
      const { output } = await session.run(["sh", "-ec", `${script}; pwd`]);

      expect(await session.readFile(`${output.trim()}/it`, 100)).toBeUndefined();
    });

    it("does not read through a linked folder", async () => {
      await using session = await open();
      const { output } = await session.run(["sh", "-ec", "ln -s src linked; pwd"]);

      expect(await session.readFile(`${output.trim()}/linked/a.txt`, 100)).toBeUndefined();
    });

    it("gives what was started ahead to one opener only", async () => {
      const workspace = { gitDir: repository.gitDir, commit: repository.commit, taskId: "ahead" };
      sandbox().warm(workspace);

      await using first = await sandbox().open(workspace, never);
      await using second = await sandbox().open(workspace, never);
      await first.run(["sh", "-c", "echo mine > mine"]);

      expect(await second.run(["ls", "mine"])).not.toMatchObject({ exitCode: 0 });
      expect(await second.run(["cat", "src/a.txt"])).toMatchObject({ output: "a\n" });
    });

    it("opens anew after what was started ahead was given up", async () => {
      const workspace = { gitDir: repository.gitDir, commit: repository.commit, taskId: "cooled" };
      sandbox().warm(workspace);
      await sandbox().cool("cooled");

      await using session = await sandbox().open(workspace, never);

      expect(await session.run(["cat", "src/a.txt"])).toMatchObject({ output: "a\n" });
    });

    it("runs nothing once it is held, and says until when it is kept", async () => {
      await using session = await open();

      const until = await session.hold("to look at it");

      expect(new Date(until).toISOString()).toBe(until);
      await expect(session.run(["true"])).rejects.toThrow("frozen");
      await expect(session.changes()).rejects.toThrow("frozen");
    });

    it("holds nothing once it is closed", async () => {
      const session = await open();
      await session[Symbol.asyncDispose]();

      await expect(session.hold("too late")).rejects.toThrow("closed");
      await expect(session.readFile("/etc/passwd", 100_000)).rejects.toThrow("closed");
    });

    it("names an image", async () => {
      await using session = await open();

      expect(session.image).toMatch(/^sha256:[0-9a-f]{64}$/);
    });
  });
}

function shown(edits: readonly Edit[]): string[] {
  return edits.map((edit) => {
    if (edit.kind === "delete") return `delete ${edit.path}`;
    const content = Buffer.from(edit.content);
    const text = edit.path.endsWith(".bin") ? content.toString("hex") : content.toString();
    return `${edit.mode} ${edit.path} ${text}`;
  });
}
