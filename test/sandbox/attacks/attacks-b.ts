import { expect } from "vitest";
import { type Attack, node, shell } from "./attack.ts";
import { survivorsOf } from "./host.ts";

const FLOOD_MS = 2_000;

/** Taking more than one's share. */
export const ATTACKS_B: readonly Attack[] = [
  {
    id: "B1",
    what: "a fork bomb, after which the next session is as good as any",
    stage: async ({ open, errorOf }) => {
      const bomb = await errorOf(async () => {
        await using session = await open();
        await session.run(shell("f() { f | f & }; f; sleep 60"), { timeoutMs: 3_000 });
      });
      await using next = await open();
      const { output } = await next.run(["echo", "fine"]);
      return [bomb, output];
    },
    comes: ["no error", "fine\n"],
    onGvisor: {
      comes: [expect.stringMatching(/^(?:no error|sandbox\.killed)$/), "fine\n"],
      because: "gVisor itself ends, with the container, when it may start no more threads",
    },
  },
  {
    id: "B2",
    what: "a memory bomb",
    stage: async ({ open, errorOf }) => {
      let ending: unknown;
      const error = await errorOf(async () => {
        await using session = await open();
        const bomb = node("const a = []; for (;;) a.push(Buffer.alloc(1e7, 1))");
        ({ ending } = await session.run(bomb));
      });
      return [ending, error];
    },
    comes: ["out-of-memory", "no error"],
    onGvisor: {
      comes: expect.toSatisfy(
        ([ending, error]) => ending === "out-of-memory" || error === "sandbox.killed",
      ),
      because: "gVisor itself ends, with the container; the kernel does not always tell why",
    },
  },
  {
    id: "B2",
    what: "more in /tmp, in the home folder and in shared memory than they hold",
    attempt: shell(
      `for place in /tmp "$HOME" /dev/shm; do
         head -c 300m /dev/zero > "$place/full" 2>/dev/null && echo WON "$place"; rm -f "$place/full"
       done; exit 0`,
    ),
    gets: "",
  },
  {
    id: "B3",
    what: "a workspace filled to the brim",
    stage: async ({ open }) => {
      await using session = await open();
      const script = "while :; do head -c 20m /dev/zero > big$((i += 1)) || exit; done";
      return await session.run(shell(script));
    },
    comes: { exitCode: 137, ending: "disk-full" },
  },
  {
    id: "B3",
    what: "folders nested deeper than anybody looks",
    stage: async ({ open, refusalOf }) => {
      await using session = await open();
      await session.run(["perl", "-e", "for (1 .. 210) { mkdir 'd' and chdir 'd' }"]);
      return await refusalOf(session);
    },
    comes: {
      code: "sandbox.refused-path",
      paths: [{ path: ".", why: "folders nested deeper than 200" }],
    },
  },
  {
    id: "B4",
    what: "files larger than any disk, made of nothing",
    attempt: shell(
      "for size in 3G 1T 100T; do truncate -s $size sparse 2>/dev/null && echo WON $size; done; rm -f sparse; exit 0",
    ),
    gets: "",
  },
  {
    id: "B5",
    what: "a flood on both streams",
    attempt: shell("yes & yes >&2"),
    timeoutMs: FLOOD_MS,
    gets: /^(?:y\n)+[\s\S]*$/,
    told: { exitCode: 124, ending: "timeout", truncated: true },
  },
  {
    id: "B5",
    what: "one line without an end",
    attempt: shell("head -c 20m /dev/zero | tr '\\0' x"),
    gets: /^x+[\s\S]*x+$/,
    told: { truncated: true },
  },
  {
    id: "B5",
    what: "the memory of Nexus, by a flood",
    stage: async ({ open }) => {
      await using session = await open();
      const before = process.memoryUsage.rss();
      await session.run(shell("yes & yes >&2"), { timeoutMs: FLOOD_MS });
      return process.memoryUsage.rss() - before < 300 * 1024 * 1024;
    },
    comes: true,
  },
  {
    id: "B6",
    what: "filling the output while every signal is ignored",
    attempt: shell("trap '' TERM INT HUP PIPE; while :; do yes || :; done"),
    timeoutMs: FLOOD_MS,
    gets: /^y\n/,
    told: { exitCode: 124, ending: "timeout" },
  },
  {
    id: "B7",
    what: "outliving the command: traps, sessions, double forks, stopped processes",
    stage: async ({ open }) => {
      await using session = await open();
      const env = { NEXUS_SURVIVOR: `survivor-${process.pid}` };
      const script = `trap '' TERM HUP INT
        (setsid sh -c 'trap "" TERM HUP; while :; do sleep 1; done' &)
        (nohup sleep 600 >/dev/null 2>&1 &)
        perl -MPOSIX -e 'fork and exit; POSIX::setsid(); fork and exit; $SIG{TERM} = "IGNORE"; sleep 600'
        sh -c 'kill -STOP $$' & sleep 600`;
      const cut = await session.run(shell(script), { timeoutMs: FLOOD_MS, env });
      const left = await session.run(
        shell(
          `for p in /proc/[0-9]*; do grep -qz ^NEXUS_SURVIVOR $p/environ 2>/dev/null && echo $p; done; exit 0`,
        ),
      );
      return { ending: cut.ending, inside: left.output, outside: survivorsOf(env.NEXUS_SURVIVOR) };
    },
    comes: { ending: "timeout", inside: "", outside: [] },
  },
  {
    id: "B8",
    what: "writing on after the last command, while the changes are read (F15)",
    stage: async ({ open, containerStates }) => {
      await using session = await open("b8");
      await session.run(
        shell(
          "setsid sh -c 'while :; do date > beat; done' >/dev/null 2>&1 & until [ -e beat ]; do :; done",
        ),
      );
      const edits = await session.changes();
      return { paths: edits.map(({ path }) => path), states: await containerStates("b8") };
    },
    comes: { paths: ["beat"], states: ["paused"] },
  },
  {
    id: "B9",
    what: "all processors at once",
    stage: async ({ open }) => {
      await using session = await open();
      const { durationMs, peaks } = await session.run(
        shell("for i in 1 2 3 4 5 6; do sh -c 'while :; do :; done' & done; wait"),
        { timeoutMs: 3_000 },
      );
      // One processor, and what accounting is late by.
      return (peaks?.cpuMs ?? 0) < durationMs * 1.3;
    },
    comes: true,
  },
  {
    id: "B10",
    what: "saying nothing for ever",
    stage: async ({ openWith }) => {
      await using own = await openWith({ silenceMs: 1_500 });
      return await own.session.run(["sleep", "600"]);
    },
    comes: { exitCode: 124, ending: "silent" },
  },
  {
    id: "B10",
    what: "waiting for an input that never comes",
    attempt: shell("cat; echo over"),
    gets: "over\n",
  },
  {
    id: "B11",
    what: "the machine's clock",
    attempt: shell("date -s 2001-01-01 >/dev/null 2>&1 && echo WON; date +%Z"),
    gets: "UTC\n",
  },
  {
    id: "B11",
    what: "arguments and variables that no system can pass on",
    stage: async ({ open }) => {
      await using session = await open();
      const many = Array.from({ length: 3_000 }, () => "x".repeat(1_000));
      const results = [
        await session.run(["echo", ...many]),
        await session.run(["true"], { env: { BIG: "x".repeat(1_000_000) } }),
        await session.run(["true"], { env: { "A B": "x" } }),
        await session.run(["true"], { env: { LINES: "a\nLD_PRELOAD=/x" } }),
        await session.run(["tr\0ue"]),
        await session.run([]),
      ];
      const after = await session.run(["echo", "fine"]);
      return { ok: results.map(({ exitCode }) => exitCode === 0), after: after.output };
    },
    comes: { ok: [false, false, false, false, false, false], after: "fine\n" },
    onGvisor: {
      comes: { ok: [true, true, false, false, false, false], after: "fine\n" },
      because: "gVisor takes arguments of any length",
    },
  },
];
