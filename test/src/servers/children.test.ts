import { expect, it, vi } from "vitest";
import { type ChildSpec, startChild } from "../../../src/servers/children.ts";
import { quietLog } from "../../world/quiet-log.ts";

function child(script: string, spec: Partial<ChildSpec> = {}) {
  const log = quietLog();
  const lines: string[] = [];
  const started = startChild({
    command: process.execPath,
    args: ["-e", script],
    env: {},
    name: "worker",
    log,
    onLine: (line) => lines.push(line),
    ...spec,
  });
  return { ...started, log, lines };
}

it("forwards both outputs line by line, also a last one without an end", async () => {
  const { exited, lines } = child(
    `process.stdout.write("one\\n\\ntwo\\r\\nthree"); process.stderr.write("four\\n")`,
  );

  await exited;

  await vi.waitFor(() => expect([...lines].sort()).toEqual(["four", "one", "three", "two\r"]));
});

it("logs its lines with its name when nobody else takes them", async () => {
  const log = quietLog();
  const { exited } = startChild({
    command: process.execPath,
    args: ["-e", "console.log('hello')"],
    env: {},
    name: "worker",
    log,
  });

  await exited;

  await vi.waitFor(() =>
    expect(log.entries).toEqual([
      { level: "info", fields: { child: "worker", line: "hello" }, message: "output of a child" },
    ]),
  );
});

it("cuts a line that does not end", async () => {
  const { exited, lines } = child(`process.stdout.write("x".repeat(5_000_000) + "\\nend\\n")`);

  await exited;

  await vi.waitFor(() => expect(lines.at(-1)).toBe("end"));
  expect(lines[0]?.length).toBe(16_384);
});

it.each([0, 1, 42])("tells its exit code %d", async (code) => {
  expect(await child(`process.exit(${code})`).exited).toBe(code);
});

it("tells 127 for a command that does not exist", async () => {
  expect(await child("", { command: "/no/such/command" }).exited).toBe(127);
});

it("does not read its command as a script", async () => {
  const { exited, lines } = child("console.log(process.argv[1])", {
    args: ["-e", "console.log(process.argv[1])", "$(echo hacked); `id` \"' &"],
  });

  await exited;

  await vi.waitFor(() => expect(lines).toEqual([`$(echo hacked); \`id\` "' &`]));
});

it("inherits nothing of our environment", async () => {
  const { exited, lines } = child("console.log(Object.keys(process.env).join())", {
    env: { GIVEN: "1" },
  });

  await exited;

  // The shell in between makes the last two.
  await vi.waitFor(() => expect(lines[0]?.split(",")).toContain("GIVEN"));
  const names = lines[0]?.split(",") ?? [];
  expect(names.filter((name) => !["GIVEN", "PWD", "SHLVL", "_"].includes(name))).toEqual([]);
});

it("ends by itself when it is asked to", async () => {
  const polite = child(
    `process.on("SIGTERM", () => { console.log("bye"); process.exit(7) });
     console.log("up"); setInterval(() => {}, 1000)`,
  );
  await vi.waitFor(() => expect(polite.lines).toEqual(["up"]));

  const code = await polite.stop();

  expect(code).toBe(7);
  await vi.waitFor(() => expect(polite.lines).toEqual(["up", "bye"]));
});

it("is killed after the grace when it does not listen", async () => {
  const deaf = child(
    `process.on("SIGTERM", () => {}); console.log(process.pid); setInterval(() => {}, 1000)`,
  );
  await vi.waitFor(() => expect(deaf.lines).toHaveLength(1));

  const code = await deaf.stop(200);

  expect(code).toBe(137);
  expect(() => process.kill(Number(deaf.lines[0]), 0)).toThrow("ESRCH");
});

it("can be stopped twice, and after it is gone", async () => {
  const once = child("setInterval(() => {}, 1000)");

  const codes = await Promise.all([once.stop(), once.stop()]);

  expect(codes[0]).toBe(codes[1]);
  expect(await once.stop()).toBe(codes[0]);
});
