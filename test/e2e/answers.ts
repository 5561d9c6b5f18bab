import type { ChatRequest } from "../world/model/chat-wire.ts";
import type { Script } from "../world/model/script.ts";

/** A repository whose check wants the word `yes` in each named file; nothing to install, quick to run. */
export function answersRepository(names: readonly string[]): Record<string, string> {
  const wanted = names.map(
    (name) => `grep -qx yes ${name}.txt || { echo "${name}.txt: no yes"; bad=1; }`,
  );
  return {
    "README.md": "# answers\n",
    "check.sh": `bad=0\n${wanted.join("\n")}\nexit $bad\n`,
    ".github/nexus.yml": "checks:\n  - name: answers\n    command: sh check.sh\n",
    ...Object.fromEntries(names.map((name) => [`${name}.txt`, "no\n"])),
  };
}

interface Swarm {
  readonly names: readonly string[];
  /** How long each reply takes. */
  readonly delayMs?: number;
  /** What workers write at first; corrections always write `yes`. */
  readonly first?: string;
  readonly dependsOn?: (name: string) => readonly string[];
}

/** A model that plans one work item a file and answers each; what it says depends on the conversation alone. */
export function answering({
  names,
  delayMs = 0,
  first = "yes",
  dependsOn = () => [],
}: Swarm): Script {
  return ({ agent, body }) => {
    if (agent.tools.includes("submit_plan")) {
      const items = names.map((name) => itemFor(name, dependsOn(name)));
      const input = { summary: "Say yes.", items, checks: [] };
      return { delayMs, calls: [{ name: "submit_plan", input }] };
    }
    const id = agent.workItem ?? "";
    const steps = toolResults(body);
    const correcting = id.startsWith("correction");
    const files = correcting ? names : [id];
    if (steps >= files.length) {
      return { delayMs, calls: [{ name: "finish", input: { summary: "All tests pass." } }] };
    }
    const path = `${files[steps]}.txt`;
    const [old, text] = correcting ? [`${first}\n`, "yes\n"] : ["no\n", `${first}\n`];
    return { delayMs, calls: [{ name: "edit", input: { path, old, new: text } }] };
  };
}

function itemFor(name: string, dependsOn: readonly string[]) {
  return {
    id: name,
    title: `Answer ${name}`,
    department: "backend",
    goal: `Say yes in ${name}.txt.`,
    paths: [`${name}.txt`],
    dependsOn,
  };
}

function toolResults({ messages }: ChatRequest): number {
  return messages.filter(({ role }) => role === "tool").length;
}
