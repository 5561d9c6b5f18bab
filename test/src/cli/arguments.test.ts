import { describe, expect, it } from "vitest";
import { COMMANDS, parseArguments } from "../../../src/cli/arguments.ts";
import { helpText } from "../../../src/cli/help-text.ts";
import { nearest } from "../../../src/cli/nearest.ts";

const inspect = (more: object) => ({
  kind: "inspect",
  show: "summary",
  taskId: "t-1",
  session: undefined,
  path: "",
  command: [],
  ...more,
});

const merge = (more: object) => ({
  kind: "merge",
  base: "b",
  ours: "o",
  theirs: "t",
  path: "src/a.ts",
  output: undefined,
  isDriver: false,
  look: { size: 7, ours: undefined, base: undefined, theirs: undefined, style: "merge" },
  explain: false,
  ...more,
});
const look = (more: object) => ({ look: { ...merge({}).look, ...more } });
const FOUR = ["b", "o", "t", "src/a.ts"];

describe("the words after nexus", () => {
  it.each<[string[], object]>([
    [[], { kind: "help", topic: undefined }],
    [["help"], { kind: "help", topic: undefined }],
    [["--help"], { kind: "help", topic: undefined }],
    [["help", "inspect"], { kind: "help", topic: "inspect" }],
    [["doctor", "--help"], { kind: "help", topic: "doctor" }],
    [["doctor"], { kind: "doctor", json: false }],
    [["doctor", "--json"], { kind: "doctor", json: true }],
    [["models"], { kind: "models", json: false }],
    [["models", "--json"], { kind: "models", json: true }],
    [["models", "login", "gemini"], { kind: "models-login", provider: "gemini" }],
    [["follow", "t-1"], { kind: "follow", taskId: "t-1", json: false }],
    [["follow", "--json", "t-1"], { kind: "follow", taskId: "t-1", json: true }],
    [["show"], { kind: "show", taskId: undefined, json: false }],
    [["show", "--json"], { kind: "show", taskId: undefined, json: true }],
    [["show", "t-1", "--json"], { kind: "show", taskId: "t-1", json: true }],
    [["replay", "t-1"], { kind: "replay", taskId: "t-1" }],
    [["inspect"], inspect({ show: "sessions", taskId: "" })],
    [["inspect", "t-1"], inspect({})],
    [["inspect", "t-1", "--session", "2"], inspect({ session: 2 })],
    [["inspect", "t-1", "--list"], inspect({ show: "list" })],
    [["inspect", "t-1", "--list", "src"], inspect({ show: "list", path: "src" })],
    [["inspect", "--read", "t-1", "a b"], inspect({ show: "read", path: "a b" })],
    [["inspect", "t-1", "--read", "--", "-dash"], inspect({ show: "read", path: "-dash" })],
    [["inspect", "t-1", "--diff", "--session=3"], inspect({ show: "diff", session: 3 })],
    [["inspect", "t-1", "--shell"], inspect({ show: "shell" })],
    [
      ["inspect", "t-1", "--shell", "--", "ls", "--help", "-l"],
      inspect({ show: "shell", command: ["ls", "--help", "-l"] }),
    ],
    [["inspect", "t-1", "--release"], inspect({ show: "release" })],
    [["help", "merge"], { kind: "help", topic: "merge" }],
    [["merge", "-h"], { kind: "help", topic: "merge" }],
    [["merge", ...FOUR], merge({})],
    [["merge", "--output", "out", ...FOUR], merge({ output: "out" })],
    [
      ["merge", "--driver", "--", "b", "o", "t", "--help"],
      merge({ output: "o", path: "--help", isDriver: true }),
    ],
    [["merge", ...FOUR, "--explain"], merge({ explain: true })],
    [["merge", ...FOUR, "--conflict-style", "zdiff3"], merge(look({ style: "zdiff3" }))],
    [["merge", ...FOUR, "--conflict-style="], merge({})],
    [["merge", ...FOUR, "--marker-size=12"], merge(look({ size: 12 }))],
    [["merge", ...FOUR, "--label-ours", "HEAD\n\u001b[1m"], merge(look({ ours: "HEAD  [1m" }))],
    [["merge", ...FOUR, "--label-theirs=%Y", "--label-ours="], merge({})],
    [["merge", "--install"], { kind: "merge-driver", action: "install", scope: "local" }],
    [
      ["merge", "--global", "--uninstall"],
      { kind: "merge-driver", action: "uninstall", scope: "global" },
    ],
  ])("are understood: %j", (args, expected) => {
    expect(parseArguments(args)).toEqual(expected);
  });

  it.each<[string[], string]>([
    [["inspec"], 'there is no command "inspec"; did you mean inspect?'],
    [["Doktor"], 'there is no command "Doktor"; did you mean doctor?'],
    [["frobnicate"], 'there is no command "frobnicate"; nexus help lists the commands'],
    [[""], 'there is no command ""; nexus help lists the commands'],
    [["a\u001b[31m\n"], 'there is no command "a\\u001b[31m\\n"; nexus help lists the commands'],
    [["--version"], 'there is no command "--version"; nexus help lists the commands'],
    [["help", "me"], 'there is no command "me"; nexus help lists the commands'],
    [["help", "inspect", "doctor"], "help takes one command"],
    [["doctor", "now"], "Unexpected argument 'now'"],
    [["models", "openai"], "Unexpected argument 'openai'"],
    [["models", "login"], "name the provider: nexus models login gemini"],
    [["models", "login", "openai"], 'nobody signs in at "openai" here; only gemini has a login'],
    [["models", "login", "--json"], 'nobody signs in at "--json" here'],
    [["models", "login", "gemini", "--json"], '"--json" is one word too many'],
    [["doctor", "--fix"], "Unknown option '--fix'"],
    [["doctor", "--json=yes"], "Option '--json' does not take an argument"],
    [["inspect", "t-1", "--frob"], "Unknown option '--frob'"],
    [["inspect", "t-1", "--list", "--diff"], "--list and --diff cannot be asked for at once"],
    [["inspect", "--diff"], "name the task: nexus inspect TASK"],
    [["inspect", "--session", "1"], "name the task: nexus inspect TASK"],
    [["inspect", "../t"], '"../t" is no id of a task'],
    [["inspect", "x".repeat(101)], "is no id of a task"],
    [["inspect", "t-1", "--session"], "Option '--session <value>' argument missing"],
    [["inspect", "t-1", "--session", "0"], '--session takes the number of a session, not "0"'],
    [["inspect", "t-1", "--session", "1e9"], "--session takes the number of a session"],
    [["inspect", "t-1", "--session=-1"], "--session takes the number of a session"],
    [["inspect", "t-1", "--read"], "--read needs the PATH of a file"],
    [["inspect", "t-1", "a.ts"], '"a.ts" is one word too many'],
    [["inspect", "t-1", "--read", "a", "b"], '"b" is one word too many'],
    [["inspect", "t-1", "--shell", "ls"], '"ls" is one word too many'],
    [["inspect", "t-1", "--release", "all"], '"all" is one word too many'],
    [["merge"], "name four: nexus merge BASE OURS THEIRS PATH"],
    [["merge", "b", "o", "t"], "name four: nexus merge BASE OURS THEIRS PATH"],
    [["merge", ...FOUR, "more\n"], '"more\\n" is one word too many'],
    [["merge", ...FOUR, "--marker-size", "0"], "--marker-size takes a number up to 999"],
    [["merge", ...FOUR, "--marker-size", "1e9"], "--marker-size takes a number up to 999"],
    [["merge", ...FOUR, "--marker-size"], "Option '--marker-size <value>' argument missing"],
    [["merge", ...FOUR, "--conflict-style=me"], "--conflict-style takes merge, diff3 or zdiff3"],
    [["merge", ...FOUR, "--driver", "--output=x"], "--driver and --output cannot be asked for"],
    [["merge", ...FOUR, "--global"], "--global goes with --install or --uninstall"],
    [["merge", ...FOUR, "--install"], "--install takes no files"],
    [["merge", "--install", "--uninstall"], "--install and --uninstall cannot be asked for"],
    [["merge", ...FOUR, "--ours"], "Unknown option '--ours'"],
  ])("are not understood, in one line that says why: %j", (args, why) => {
    const parsed = parseArguments(args);

    expect(parsed).toEqual({ kind: "misunderstood", why: expect.stringContaining(why) });
    expect(JSON.stringify(parsed)).not.toContain('\\n"');
  });
});

it.each([
  ["doctor", "doctor"],
  ["docter", "doctor"],
  ["inpsect", "inspect"],
  ["hlep", "help"],
  ["xyzzy", undefined],
  ["x".repeat(10_000), undefined],
])("the command nearest to %s is %s", (word, near) => {
  expect(nearest(word, COMMANDS)).toBe(near);
});

it("help tells of every command, and of none that is not there", () => {
  const told = [...helpText(undefined).matchAll(/^ {2}nexus (\w+)/gm)].map(([, name]) => name);

  expect(told).toEqual(COMMANDS);
  expect(helpText("show")).toContain("nexus show TASK --json");
  expect(helpText("replay")).toContain("nexus replay TASK");
  expect(helpText("inspect")).toContain("nexus inspect TASK --diff [PATH]");
  expect(helpText("doctor")).toContain("--json");
  expect(helpText("models")).toContain("nexus models --json");
  expect(helpText("models")).toContain("nexus models login gemini");
  expect(helpText("merge")).toContain("nexus merge BASE OURS THEIRS PATH");
});
