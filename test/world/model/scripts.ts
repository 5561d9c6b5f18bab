import type { Script, ScriptedCall, Turn } from "./script.ts";

/** Answers the n-th request with the n-th turn; one more request is a violation. */
export function sequence(turns: readonly Turn[]): Script {
  return ({ index }) => {
    const turn = turns[index];
    if (!turn) throw new Error(`request ${index + 1} came, the script has ${turns.length} turns`);
    return turn;
  };
}

export interface Cast {
  readonly architect: Script;
  /** Asked once for each work item. */
  readonly worker: (itemId: string) => Script;
}

/** Gives every agent a script of its own, with its own count of requests, however their requests mix. */
export function byAgent({ architect, worker }: Cast): Script {
  const roles = new Map<string, Script>();
  const role = (name: string, make: () => Script): Script => {
    const known = roles.get(name) ?? countedAlone(make());
    roles.set(name, known);
    return known;
  };
  return (call) => {
    const { tools, workItem } = call.agent;
    if (tools.includes("submit_plan")) return role("architect", () => architect)(call);
    if (!tools.includes("finish")) throw new Error(`nobody is offered ${tools.join(", ")}`);
    if (workItem === undefined) throw new Error("a worker's first message names no work item");
    return role(`worker ${workItem}`, () => worker(workItem))(call);
  };
}

function countedAlone(script: Script): Script {
  let count = 0;
  return (call) => script({ ...call, index: count++ });
}

/** A worker that changes nothing and says all is done and tested. */
export function liar(claim = "Done. I ran the whole test suite and every test passes."): Script {
  return () => ({ text: claim, calls: [{ name: "finish", input: { summary: claim } }] });
}

/** An agent that calls the first tool it is offered with JSON that breaks off, every time. */
export function brokenJson(): Script {
  return ({ agent }) => ({
    calls: [{ name: agent.tools[0] ?? "none", rawJson: '{"path": "src/main.ts", "content": "a' }],
  });
}

/** An agent that repeats one harmless call for ever; by default of the first tool that does not end its work. */
export function neverFinishes(call?: ScriptedCall): Script {
  return ({ agent }) => {
    const harmless = agent.tools.find((name) => name !== "finish" && name !== "submit_plan");
    if (call) return { calls: [call] };
    return harmless ? { calls: [{ name: harmless, input: {} }] } : { text: "Let me think again." };
  };
}

/** A vendor in trouble: a rate limit that is over at once, then a fault, then silence for ever. */
export function rateLimitedThen500ThenHangs(): Script {
  const trouble: readonly Turn[] = [
    { status: 429, headers: { "retry-after-ms": "1" } },
    { status: 500 },
  ];
  return ({ index }) => trouble[index] ?? { hang: true };
}
