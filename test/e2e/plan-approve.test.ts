import { expect, it } from "vitest";
import type { Script } from "../world/model/script.ts";
import { until } from "../world/until.ts";
import { answering, answersRepository } from "./answers.ts";
import { startWorld, type World } from "./world.ts";

const NAMES = ["a", "b", "c"];
/** A check that is content with fewer answers: what is left out is not missed. */
const FILES = {
  ...answersRepository(NAMES),
  "check.sh": "grep -qx yes a.txt || { echo no yes; exit 1; }\n",
};
type Repo = Awaited<ReturnType<World["repository"]>>;

const WAITS = "### Nexus: the plan waits for a word";
const ASKS = "### Nexus: questions before the work";
const DONE = "### Nexus: pull request";

async function says(
  world: World,
  { repo, issue }: { repo: Repo; issue: number },
  headline: string,
) {
  return until(
    async () => {
      const body = await world.tracking(repo, issue);
      return body.includes(headline) && body;
    },
    {
      what: `the comment on issue ${issue} to say ${headline}`,
      timeoutMs: 180_000,
      tell: () => world.nexus.output().slice(-6_000),
    },
  );
}

async function answered(
  world: World,
  { repo, issue }: { repo: Repo; issue: number },
  part: string,
) {
  return until(
    async () => (await world.said(repo, issue)).find(({ body }) => body.includes(part))?.body,
    { what: `an answer that says ${part}`, timeoutMs: 60_000 },
  );
}

it("a plan outlives a restart of everything, and an approval of a part of it is carried out exactly", async () => {
  await using world = await startWorld({ script: answering({ names: NAMES }) });
  const repo = await world.repository("approve", FILES);
  world.github.addCollaborator(repo, "rita", "read");

  const { issue } = await world.ask(repo, "plan say yes everywhere");
  const at = { repo, issue };
  const plan = await says(world, at, WAITS);
  const before = await world.github.pulls(repo);
  for (const role of ["web", "publisher", "worker"] as const) await world.nexus.kill(role);
  await world.redis.command("FLUSHALL");
  for (const role of ["worker", "publisher", "web"] as const) await world.nexus.start(role);
  await world.github.comment(repo, issue, { by: "rita", body: "/nexus approve" });
  const refusal = await answered(world, at, "you have none");
  const still = await world.tracking(repo, issue);
  await world.github.comment(repo, issue, { by: "maria", body: "/nexus approve without b" });
  const comment = await says(world, at, DONE);
  await world.github.comment(repo, issue, { by: "maria", body: "/nexus approve" });
  const late = await answered(world, at, "No plan waits");

  expect(plan).toContain("`a` Answer a (backend)");
  expect(plan).toContain("`/nexus approve`");
  expect(before).toEqual([]);
  expect(refusal).toContain("Nothing was started");
  expect(still).toContain(WAITS);
  expect(comment).toContain("**Approved by** maria");
  expect(comment).not.toContain("Answer b");
  expect(late).toContain("nothing was started");
  const [pull, ...more] = await world.github.pulls(repo);
  expect(more).toEqual([]);
  const titles = [...(pull?.body ?? "").matchAll(/Answer \w/g)].map(([title]) => title);
  expect([...new Set(titles)]).toEqual(["Answer a", "Answer c"]);
});

it("a plan with a question waits without being told to, and is revised by the answer", async () => {
  const plain = answering({ names: ["a"] });
  const script: Script = (call) => {
    if (!call.agent.tools.includes("submit_plan")) return plain(call);
    const isRevision = JSON.stringify(call.body.messages).includes("in lower case");
    const item = {
      id: "a",
      title: isRevision ? "Say it in lower case" : "Say it somehow",
      department: "backend",
      goal: "Say yes in a.txt.",
      paths: ["a.txt"],
      dependsOn: [],
    };
    const questions = isRevision ? [] : ["In which case shall it be said?"];
    const input = { summary: "Say yes.", items: [item], checks: [], questions };
    return { calls: [{ name: "submit_plan", input }] };
  };
  await using world = await startWorld({ script });
  const repo = await world.repository("ask", FILES);

  const { issue } = await world.ask(repo, "say yes in a");
  const asked = await says(world, { repo, issue }, ASKS);
  await world.github.comment(repo, issue, { by: "maria", body: "/nexus approve" });
  const open = await answered(world, { repo, issue }, "still waits");
  await world.github.comment(repo, issue, { by: "maria", body: "/nexus approve in lower case" });
  const comment = await says(world, { repo, issue }, DONE);

  expect(asked).toContain("1. In which case shall it be said?");
  expect(open).toContain("In which case shall it be said?");
  expect(comment).toContain("Say it in lower case");
  expect(comment).toContain("> in lower case");
});
