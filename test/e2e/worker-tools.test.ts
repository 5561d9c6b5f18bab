import { expect, it } from "vitest";
import { textOf } from "../world/model/chat-wire.ts";
import type { Script, ScriptedCall } from "../world/model/script.ts";
import { startWorld } from "./world.ts";

const LIBRARY = `export function greet(name: string): string {
  return "hi " + name;
}

export function part(name: string): string {
  return "bye " + name;
}
`;
const REPOSITORY = {
  "README.md": "# manners\n",
  "lib/manners.ts": LIBRARY,
  "lib/old-name.sh": "echo old\n",
  "check.sh": 'grep -q "hello" lib/manners.ts && test -f lib/new-name.sh\n',
  ".github/nexus.yml": "checks:\n  - name: manners\n    command: sh check.sh\n",
};

const PROOF = "sh check.sh";
const READABLE = "test -s notes.md";
const PATH = "lib/manners.ts";

const item = (id: string, more: object = {}) => ({
  id,
  title: `Do ${id}`,
  department: "backend",
  goal: "Be kinder.",
  paths: [PATH, "lib/*.sh"],
  symbols: [{ path: PATH, names: ["greet"] }],
  dependsOn: [],
  ...more,
});

const PLAN = {
  summary: "Kinder words.",
  items: [
    item("kinder", { acceptance: { name: "manners", command: PROOF } }),
    item("later", { paths: ["notes.md"], symbols: undefined, dependsOn: ["kinder"] }),
  ],
  checks: [],
};

const call = (name: string, input: object): ScriptedCall => ({ name, input });

const TURNS: Readonly<Record<string, readonly (readonly ScriptedCall[])[]>> = {
  kinder: [
    [call("ask_context", { question: "where does greet say hi" })],
    [call("search", { pattern: "greet", symbol: true })],
    [call("read", { path: PATH })],
    [call("run", { command: "seq 1 20000" })],
    [call("read", { path: "output:1", from: 10_002, to: 10_002 })],
    [call("edit", { path: PATH, old: "bye", new: "farewell" })],
    [
      call("edit", {
        path: PATH,
        edits: [
          { old: '"hi "', new: '"hello "' },
          { old: '"hello " + name', new: "`hello $" + "{name}`" },
        ],
      }),
    ],
    [call("rename", { from: "lib/old-name.sh", to: "lib/new-name.sh" })],
    [call("finish", { summary: "Kinder.", proof: PROOF })],
    [call("run", { command: PROOF })],
    [call("post_message", { to: "later", text: "It says hello now." })],
    [call("remember", { text: "The check is sh check.sh." })],
    [call("finish", { summary: "Kinder.", proof: PROOF })],
  ],
  later: [
    [call("edit", { path: "notes.md", old: "", new: "Hello.\n" })],
    [call("run", { command: READABLE }), call("run", { command: "git status --short" })],
    // Refused, it would fall silent, and its item would not be done.
    [call("finish", { summary: "Noted.", proof: READABLE })],
  ],
};

it("a worker finds, reads by range, edits its part, moves, proves and tells, in a real sandbox", async () => {
  const told = new Map<string, string>();
  const script: Script = ({ agent, body }) => {
    if (agent.tools.includes("submit_plan")) return { calls: [call("submit_plan", PLAN)] };
    const id = agent.workItem ?? "";
    const replies = body.messages.filter(({ role }) => role === "assistant").length;
    told.set(id, body.messages.map(textOf).join("\n"));
    return { calls: TURNS[id]?.[replies] ?? [] };
  };
  await using world = await startWorld({ script });
  const repo = await world.repository("manners", REPOSITORY);

  const { issue } = await world.ask(repo, "say hello kindly");
  const comment = await world.ended(repo, issue);

  expect(comment).toContain("### Nexus: pull request");
  expect(comment).not.toContain("Not done");
  const seen = told.get("kinder") ?? "";
  for (const answer of [
    '<data of="repository">\nlib/manners.ts (',
    "lib/manners.ts:1-3: function greet",
    /\[lib\/manners\.ts: 7 lines, \d+ bytes, blob [0-9a-f]{40}\]/,
    /\[Cut\. All 20001 lines can be read by range: read \{"path": "output:1", "from": 1\}\]/,
    /\[output 1: 20001 lines\]\n 10002\t10001\n/,
    "may change only greet, and add what is new. This edit changes something else in it.",
    "Moved lib/old-name.sh to lib/new-name.sh.",
    `- ${PROOF}: it was not run`,
    "[exit code 0]\n",
    "Posted to later.",
    "Kept.",
  ])
    expect(seen).toMatch(answer);
  const later = told.get("later") ?? "";
  expect(later).toContain("- kinder: The check is sh check.sh.");
  expect(later).toContain("It says hello now.");
});
