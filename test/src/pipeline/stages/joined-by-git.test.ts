import { describe, expect, it } from "vitest";
import { merge } from "../../../../src/pipeline/stages/merge.ts";
import { resolve } from "../../../../src/pipeline/stages/resolve.ts";
import { verify } from "../../../../src/pipeline/stages/verify.ts";
import { work } from "../../../../src/pipeline/stages/work.ts";
import { createSyntax } from "../../../../src/syntax/create-syntax.ts";
import { TORN_APART, WELL_JOINED } from "../../../world/npm-project.ts";
import { freshSignal } from "../../git/sample-repository.ts";
import { itemOf } from "../stage-world.ts";
import { planOf, shellWorker, watchedBench } from "../watched-bench.ts";
import { asked, type Given } from "./conflicting-pull.ts";

const LOCK = "package-lock.json";

/** A pull request that git and the platform merge without a conflict. */
async function resolving(given: Given, changes: { readonly dryRun?: boolean } = {}) {
  const all = await asked(given);
  const bench = { ...all.bench, syntax: createSyntax };
  const state = { ...all.state, task: { ...all.state.task, ...changes } };
  const found = await resolve(bench)(state, freshSignal());
  const head = found.commits?.at(-1)?.changeSet.commit ?? "";
  const shown = (path: string) => all.mirror.readFile(head, path);
  return { ...all, bench, state, found, shown };
}

const npm = { before: TORN_APART.base, mine: TORN_APART.theirs, theirs: TORN_APART.ours };
const yes = { "a.txt": "yes\n" };
const list = (...changed: readonly (readonly [number, string])[]) =>
  Array.from({ length: 9 }, (_, at) => new Map(changed).get(at) ?? `${at}`).join("\n");

describe("what git joins without a conflict in a pull request", () => {
  it("and is a lockfile is made anew, and proposed", async () => {
    const { found, shown } = await resolving(npm);

    expect(found.outcome).toBeUndefined();
    expect(found.merged).toMatchObject([
      { path: LOCK, kind: "merged", hunks: [{ stage: "regenerated", confidence: "proposed" }] },
    ]);
    expect(await shown(LOCK)).toBe(TORN_APART.merged[LOCK]);
  });

  it("and is a lockfile is a conflict where nothing is executed, and no text is taken for it", async () => {
    const { found } = await resolving(npm, { dryRun: true });

    expect(found.commits).toBeUndefined();
    expect(found.outcome).toMatchObject({
      kind: "conflicted",
      files: [LOCK],
      merge: {
        left: [{ path: LOCK, why: expect.stringMatching(/never merged as text; a dry run/) }],
      },
    });
  });

  it("and is a lockfile that cannot be made anew is a conflict", async () => {
    const lock = { "Cargo.lock": list(), "Cargo.toml": "[package]\n" };
    const { found } = await resolving({
      before: lock,
      mine: { ...yes, ...lock, "Cargo.lock": list([0, "mine"]) },
      theirs: { ...yes, ...lock, "Cargo.lock": list([8, "theirs"]) },
    });

    expect(found.outcome).toMatchObject({ kind: "conflicted", files: ["Cargo.lock"] });
  });

  it("and is a function that both sides added is told, though nothing is behind", async () => {
    const code = (top: string, end: string) =>
      `${top}export const a = 1;\n\n\nexport const b = 2;\n\n\nexport const c = 3;\n${end}`;
    const { found } = await resolving({
      before: { "a.ts": code("", "") },
      mine: { "a.ts": code("export function sum(x: number) {\n  return x + 1;\n}\n\n\n", "") },
      theirs: { "a.ts": code("", "\n\nexport function sum(y: number) {\n  return y + 2;\n}\n") },
    });

    expect(found.outcome).toMatchObject({ kind: "conflicted", files: ["a.ts"] });
  });

  it("and is a snapshot stands until the checks are green on it", async () => {
    const path = "__snapshots__/a.snap";
    const { found, bench, state, shown } = await resolving({
      before: { [path]: list() },
      mine: { ...yes, [path]: list([0, "mine"]) },
      theirs: { ...yes, [path]: list([8, "theirs"]) },
    });

    expect(found.merged).toMatchObject([
      { path, kind: "merged", hunks: [{ stage: "git", confidence: "proposed" }] },
    ]);
    expect(await shown(path)).toBe(list([0, "mine"], [8, "theirs"]));
    const { evidence } = await verify(bench)({ ...state, ...found }, freshSignal());
    expect(evidence?.merge).toMatchObject([{ hunks: [{ confidence: "checked" }] }]);
  });

  it("and comes out of npm just as git joined it is nothing to do", async () => {
    const { base, ours, theirs } = WELL_JOINED;

    const { found } = await resolving({ before: base, mine: { ...yes, ...ours }, theirs });

    expect(found.outcome).toMatchObject({ kind: "nothing-to-do" });
  });
});

describe("what git joins without a conflict of work items", () => {
  it("and is a lockfile is made anew, also for an item that builds on both", async () => {
    const { base, ours, theirs, merged } = TORN_APART;
    const writing = (files: Readonly<Record<string, string>>) =>
      [LOCK, "package.json"]
        .map((path) => `cat > ${path} <<'END'\n${files[path] ?? ""}END\n`)
        .join("");
    const scripts: Readonly<Record<string, string>> = {
      a: writing(ours),
      b: writing(theirs),
      c: `cp ${LOCK} seen.json`,
    };
    const paths = [LOCK, "package.json"];
    const items = [
      itemOf("a", { paths }),
      itemOf("b", { paths }),
      itemOf("c", { paths: ["seen.json"], dependsOn: ["a", "b"] }),
    ];
    const worker = shellWorker(({ id }) => scripts[id] ?? "");
    const world = await watchedBench({ files: { ...base }, team: { worker } });
    const planned = world.state({ workPlan: planOf(...items) });

    const worked = { ...planned, ...(await work(world.bench)(planned, world.signal)) };
    expect(worked.outcome).toBeUndefined();
    const joined = await merge(world.bench)(worked, world.signal);

    const head = joined.commits?.at(-1)?.changeSet.commit ?? "";
    expect(await world.mirror.readFile(head, LOCK)).toBe(merged[LOCK]);
    expect(await world.mirror.readFile(head, "seen.json")).toBe(merged[LOCK]);
    expect(joined.merged).toMatchObject([
      { path: LOCK, hunks: [{ stage: "regenerated", confidence: "proposed" }] },
    ]);
  });
});
