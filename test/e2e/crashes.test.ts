import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { sampleRepository } from "../world/sample-repository.ts";
import { until } from "../world/until.ts";
import { answering, answersRepository } from "./answers.ts";
import { startWorld, type World } from "./world.ts";

type Repo = Awaited<ReturnType<World["repository"]>>;

/** Any number, as long as nobody else locks it. */
const LOCK = 4242;
const STAGES_OF_A_SWARM = [
  "admit",
  "prepare",
  "diagnose",
  "repair",
  "plan",
  "work",
  "merge",
  "verify",
  "correct",
  "propose",
];

describe("a killed process costs time, never a task", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld({
      script: answering({ names: ["a", "b"], first: "maybe" }),
      env: { EFFECT_HOLD_SECONDS: "5" },
    });
    // How far a task has come is written before a stage counts as done: whoever is held there can be killed there.
    await world.database.sql(`
      create table public.hold_at (stage text);
      create function public.hold() returns trigger language plpgsql as $$ begin
        if exists (select from public.hold_at where stage = any(new.reached))
          and new.reached is distinct from old.reached
        then perform pg_advisory_xact_lock(${LOCK}); end if;
        return new;
      end $$;
      create trigger hold before update on nexus.tasks for each row execute function public.hold();`);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  /** Kills the worker at the end of a stage, lets something happen, then starts another. */
  async function killAtEndOf(
    stage: string,
    meanwhile: () => Promise<unknown> = async () => undefined,
  ): Promise<void> {
    {
      await using _held = await world.database.hold(`select pg_advisory_xact_lock(${LOCK})`);
      await world.database.sql("insert into public.hold_at values ($1)", [stage]);
      await until(workerWaits, { what: `the worker to be at the end of ${stage}` });
      await world.nexus.kill("worker");
      await world.database.sql("delete from public.hold_at");
    }
    await meanwhile();
    await world.nexus.start("worker");
  }

  async function workerWaits(): Promise<boolean> {
    const waiting =
      "select 1 from pg_locks where locktype = 'advisory' and not granted and objid = $1";
    return (await world.database.sql(waiting, [LOCK])).length > 0;
  }

  async function stagesOf(task: string): Promise<Map<string, number>> {
    const rows = await world.database.sql(
      "select data->>'stage' as stage, count(*)::int as n from nexus.events where task_id = $1 and name = 'stage' and data->>'phase' = 'start' group by 1",
      [task],
    );
    return new Map(rows.map(({ stage, n }) => [String(stage), Number(n)]));
  }

  async function expectOneOfEach(repo: Repo, issue: number): Promise<void> {
    const comment = await world.ended(repo, issue);
    expect(comment).toContain("### Nexus: pull request");
    expect(await world.github.pulls(repo)).toHaveLength(1);
    expect(await world.said(repo, issue)).toHaveLength(1);
    const [pull] = await world.github.pulls(repo);
    expect(await world.github.checkRuns(repo, pull?.headSha ?? "")).toHaveLength(1);
    expect(world.github.violations).toEqual([]);
  }

  it.each(STAGES_OF_A_SWARM)(
    "killed at the end of %s, the task goes on from there",
    async (stage) => {
      const repo = await world.repository(`killed-${stage}`, answersRepository(["a", "b"]));
      const { issue, deliveryId } = await world.ask(repo, "say yes");

      await killAtEndOf(stage);
      await expectOneOfEach(repo, issue);

      const stages = await stagesOf(deliveryId);
      expect(stages.get(stage)).toBe(stage === "verify" ? 3 : 2);
      for (const earlier of STAGES_OF_A_SWARM.slice(0, STAGES_OF_A_SWARM.indexOf(stage))) {
        expect([earlier, stages.get(earlier)]).toEqual([
          earlier,
          earlier === "verify" ? stages.get("verify") : 1,
        ]);
      }
    },
  );

  it("a worker that lost its mirror after the push begins anew, and the same pull request gets its commits", async () => {
    const repo = await world.repository("lost-mirror", answersRepository(["a", "b"]));
    const { issue, deliveryId } = await world.ask(repo, "say yes");
    const heads = async () => (await world.github.pulls(repo)).map(({ headSha }) => headSha);
    const before: string[] = [];

    await killAtEndOf("propose", async () => {
      before.push(...(await heads()));
      await rm(join(world.nexus.folder, "mirrors"), { recursive: true });
    });

    await expectOneOfEach(repo, issue);
    expect((await stagesOf(deliveryId)).get("admit")).toBe(2);
    expect(before).toHaveLength(1);
    expect(await heads()).not.toEqual(before);
  });

  it("killed in the repair by rule, it repairs again and proposes once", async () => {
    const repo = await world.repository("killed-fixer", await sampleRepository("sums"));
    const { issue } = await world.ask(repo, "fix the failing checks");

    await killAtEndOf("repair");

    await expectOneOfEach(repo, issue);
  });

  it("the publisher killed between push and pull request opens one pull request", async () => {
    const repo = await world.repository("killed-publisher", answersRepository(["a", "b"]));
    const pulls = `^/repos/acme/killed-publisher/pulls$`;
    const undo = world.github.fault({
      match: { method: "POST", path: new RegExp(pulls.replace("^", "")) },
      kind: "delay",
      ms: 60_000,
    });
    const { issue } = await world.ask(repo, "say yes");

    await until(
      async () =>
        [...(await world.github.branches(repo)).keys()].some((name) => name.startsWith("nexus/")),
      { what: "the branch to be pushed" },
    );
    await world.nexus.kill("publisher");
    undo();
    await world.nexus.start("publisher");

    await expectOneOfEach(repo, issue);
  });

  it("a pull request and a comment whose answers were lost are found, not made again", async () => {
    const repo = await world.repository("lost-answers", answersRepository(["a", "b"]));
    for (const path of [/lost-answers\/pulls$/, /lost-answers\/issues\/\d+\/comments$/]) {
      world.github.fault({ match: { method: "POST", path }, kind: "after", status: 502, times: 1 });
    }

    const { issue } = await world.ask(repo, "say yes");

    await expectOneOfEach(repo, issue);
  });

  it("the web process killed after the inbox commit loses nothing", async () => {
    await world.nexus.kill("publisher");
    const repo = await world.repository("killed-web", answersRepository(["a", "b"]));
    const { issue, deliveryId } = await world.ask(repo, "say yes");
    const kept = await world.database.sql("select state from nexus.inbox where id = $1", [
      deliveryId,
    ]);

    await world.nexus.kill("web");
    await world.nexus.start("web");
    await world.nexus.start("publisher");

    expect(kept).toEqual([{ state: "pending" }]);
    await expectOneOfEach(repo, issue);
  });

  it("a web process that is down answers nothing, and the redelivery is taken", async () => {
    await world.nexus.kill("web");
    const repo = await world.repository("web-down", answersRepository(["a", "b"]));
    const { issue, deliveryId, status } = await world.ask(repo, "say yes");

    await world.nexus.start("web");
    await world.github.redeliver(deliveryId);

    expect(status).not.toBe(200);
    await expectOneOfEach(repo, issue);
  });

  it("Redis emptied with one task waiting and one running loses neither", async () => {
    const running = await world.repository("flushed-running", answersRepository(["a", "b"]));
    const waiting = await world.repository("flushed-waiting", answersRepository(["a", "b"]));
    const first = await world.ask(running, "say yes");
    await until(async () => (await stagesOf(first.deliveryId)).has("diagnose"), {
      what: "the first task to run",
    });
    await world.nexus.kill("worker");
    const second = await world.ask(waiting, "say yes");
    await until(async () => (await world.tracking(waiting, second.issue)) !== "", {
      what: "the second task to be accepted",
    });

    await world.redis.command("FLUSHALL");
    await world.nexus.start("worker");

    await expectOneOfEach(running, first.issue);
    await expectOneOfEach(waiting, second.issue);
  });

  it("Redis emptied while a worker works does not disturb it", async () => {
    const repo = await world.repository("flushed-busy", answersRepository(["a", "b"]));
    const { issue, deliveryId } = await world.ask(repo, "say yes");
    await until(async () => (await stagesOf(deliveryId)).has("diagnose"), {
      what: "the task to run",
    });

    await world.redis.command("FLUSHALL");

    await expectOneOfEach(repo, issue);
    expect((await stagesOf(deliveryId)).get("diagnose")).toBe(1);
  });

  it("stopped by SIGTERM, a worker hands its task back without a crash", async () => {
    const repo = await world.repository("handed-back", answersRepository(["a", "b"]));
    const { issue, deliveryId } = await world.ask(repo, "say yes");
    await until(async () => (await stagesOf(deliveryId)).has("work"), { what: "the task to run" });

    await world.nexus.kill("worker", "SIGTERM");
    await world.nexus.start("worker");

    await expectOneOfEach(repo, issue);
    expect(
      await world.database.sql("select crashes from nexus.tasks where id = $1", [deliveryId]),
    ).toEqual([{ crashes: 0 }]);
  });

  it("killed while a command runs, it leaves no container, volume or layer", async () => {
    const files = answersRepository(["a", "b"]);
    const repo = await world.repository("killed-in-command", {
      ...files,
      "check.sh": `sleep 3\n${files["check.sh"]}`,
    });
    const { owner, folder } = world.nexus;
    const layers = () => readdir(join(folder, "sandbox/layers"));
    const { issue } = await world.ask(repo, "say yes");
    const hasCommand = async () =>
      (await commandsOf(owner)).some((line) => line.includes("sleep 3"));
    await until(hasCommand, { what: "a command to run in a container" });

    await world.nexus.kill("worker");
    const left = [await thingsOf(owner), await layers()].map(({ length }) => length);
    await world.nexus.start("worker");
    await expectOneOfEach(repo, issue);

    expect(Math.min(...left)).toBeGreaterThan(0);
    await until(async () => [...(await thingsOf(owner)), ...(await layers())].length === 0, {
      what: "nothing of the owner to be left",
      timeoutMs: 10_000,
    });
  });
});

/** Containers and volumes that bear the owner's label. */
async function thingsOf(owner: string): Promise<string[]> {
  const docker = new Docker();
  const filters = { label: [`nexus.owner=${owner}`] };
  const containers = await docker.listContainers({ all: true, filters });
  const { Volumes } = await docker.listVolumes({ filters });
  return [...containers.map(({ Id }) => Id), ...(Volumes ?? []).map(({ Name }) => Name)];
}

/** What runs in the owner's containers. */
async function commandsOf(owner: string): Promise<string[]> {
  const docker = new Docker();
  const containers = await docker.listContainers({
    filters: { label: [`nexus.owner=${owner}`] },
  });
  // One that ends while it is looked at runs nothing.
  const tops = containers.map(({ Id }) =>
    docker
      .getContainer(Id)
      .top()
      .catch(() => ({ Processes: [] })),
  );
  return (await Promise.all(tops)).flatMap(({ Processes }) =>
    (Processes as string[][]).map((columns) => columns.join(" ")),
  );
}
