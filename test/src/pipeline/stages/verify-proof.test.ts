import { describe, expect, it } from "vitest";
import { NexusError } from "../../../../src/core/errors.ts";
import type { WorkItem } from "../../../../src/core/plan.ts";
import { verify } from "../../../../src/pipeline/stages/verify.ts";
import { freshSignal, write } from "../../git/sample-repository.ts";
import { itemOf, stageWorld } from "../stage-world.ts";

const HAS_YES = { name: "has yes", command: "sh tests/yes.sh" };
const YES_TEST = write("tests/yes.sh", "grep -qx yes a.txt\n");
const TRUE_TEST = write("tests/yes.sh", "true\n");
const SAYS_YES = write("a.txt", "yes\n");
const TEST = "def test_yes():\n    assert says() == 1\n";

interface Setting {
  readonly files?: Readonly<Record<string, string>>;
  readonly edits: Parameters<typeof commitOf>[1];
  readonly items?: readonly WorkItem[];
}
type World = Awaited<ReturnType<typeof stageWorld>>;

function commitOf({ mirror, upstream }: World, edits: readonly ReturnType<typeof write>[]) {
  return mirror.commitEdits({ parent: upstream.main, edits, message: "feat: say" });
}

/** A branch of one commit with a plan, ready to be verified. */
async function branchWith({ files, edits, items = [itemOf("a")] }: Setting) {
  const world = await stageWorld({ replies: [], ...(files && { files }) });
  const commits = [{ title: "Say", changeSet: await commitOf(world, edits) }];
  const workPlan = { summary: "s", items: [...items], checks: [] };
  return { ...world, state: (more = {}) => world.state({ commits, workPlan, ...more }) };
}

const accepted = (changes: Partial<WorkItem> = {}) =>
  itemOf("a", { acceptance: HAS_YES, ...changes });

describe("an item's acceptance check", () => {
  it("runs on the head, named by its item, and fails on the base with the head's tests", async () => {
    const { bench, state } = await branchWith({
      edits: [SAYS_YES, YES_TEST],
      items: [accepted()],
    });

    const { evidence } = await verify(bench)(state(), freshSignal());

    expect(evidence?.checks.at(-1)).toMatchObject({ ...HAS_YES, namedBy: "plan", item: "a" });
    expect(evidence?.proofs).toEqual([
      {
        ...HAS_YES,
        item: "a",
        kind: "red-green",
        base: { exitCode: 1, ending: "exited" },
        head: { exitCode: 0, ending: "exited" },
      },
    ]);
  });

  it("that is red on the head is a red check, and nothing is run on the base", async () => {
    const edits = [SAYS_YES, write("tests/yes.sh", "exit 3\n")];
    const { bench, state } = await branchWith({ edits, items: [accepted()] });

    const { evidence } = await verify(bench)(state(), freshSignal());

    expect(evidence?.passed).toBe(false);
    expect(evidence?.proofs).toBeUndefined();
  });

  it("of an item that is not in the branch is not run", async () => {
    const { bench, state } = await branchWith({ edits: [SAYS_YES], items: [accepted()] });
    const unfinished = [{ item: "a", title: "A", code: "worker.looping", reason: "r" }];

    const { evidence } = await verify(bench)(state({ unfinished }), freshSignal());

    expect(evidence?.checks).toHaveLength(1);
    expect(evidence?.proofs).toBeUndefined();
  });

  it("that passes on the base, too, proves nothing new, and is no ending where no test was asked for", async () => {
    const setting = { edits: [SAYS_YES, TRUE_TEST], items: [accepted()] };
    const { bench, state } = await branchWith(setting);

    const { evidence, sentBack, outcome } = await verify(bench)(state(), freshSignal());

    expect(evidence?.proofs).toMatchObject([{ kind: "green-green", base: { exitCode: 0 } }]);
    expect([sentBack, outcome]).toEqual([undefined, undefined]);
  });

  it("of a QA item that passes on the base is sent back once", async () => {
    const items = [accepted({ department: "qa" })];
    const { bench, state } = await branchWith({ edits: [SAYS_YES, TRUE_TEST], items });

    const first = await verify(bench)(state(), freshSignal());
    const again = await verify(bench)(state({ sentBack: first.sentBack }), freshSignal());

    expect(first.sentBack).toMatchObject({ weakened: [], unproven: [{ item: "a" }] });
    expect(again.sentBack).toBeUndefined();
  });

  it("that cannot be run on the base takes nothing from what is green", async () => {
    const setting = { edits: [SAYS_YES, YES_TEST], items: [accepted()] };
    const { bench, state } = await branchWith(setting);
    const { sandbox } = bench;
    const out = new NexusError("sandbox.unavailable", "The daemon is gone.", { retryable: true });
    const head = state().commits[0]?.changeSet.commit;
    const broken: typeof sandbox = {
      ...sandbox,
      open: (workspace, signal) =>
        workspace.commit === head ? sandbox.open(workspace, signal) : Promise.reject(out),
    };

    const { evidence } = await verify({ ...bench, sandbox: broken })(state(), freshSignal());

    expect(evidence?.passed).toBe(true);
    expect(evidence?.proofs).toEqual([
      { ...HAS_YES, item: "a", kind: "not-run", why: "The daemon is gone." },
    ]);
  });

  it("is missed where a QA item names none and nothing counts its tests", async () => {
    const items = [itemOf("a", { department: "qa", title: "Test it" })];
    const { bench, state } = await branchWith({ edits: [SAYS_YES], items });

    const { evidence } = await verify(bench)(state(), freshSignal());

    expect(evidence?.proofs).toMatchObject([{ item: "a", kind: "not-run", name: "Test it" }]);
  });
});

describe("tests that demand something else than before", () => {
  it("are told, and nothing is sent back for them", async () => {
    const files = { "a.txt": "no\n", "test_a.py": TEST };
    const edits = [SAYS_YES, write("test_a.py", TEST.replace("== 1", "== 2"))];
    const { bench, state } = await branchWith({ files, edits });

    const { evidence, sentBack } = await verify(bench)(state(), freshSignal());

    expect(evidence?.expectations).toMatchObject([
      { path: "test_a.py", side: "head", kind: "changed-expectation" },
    ]);
    expect([evidence?.weakened, sentBack]).toEqual([undefined, undefined]);
  });
});

describe("tests that prove less than before", () => {
  const files = { "a.txt": "no\n", "test_a.py": TEST };
  const edits = [SAYS_YES, write("test_a.py", `@pytest.mark.skip\n${TEST}`)];
  const PLACE = { path: "test_a.py", line: 2, side: "head", kind: "skipped" };

  it("are told and sent back once", async () => {
    const { bench, state } = await branchWith({ files, edits });

    const first = await verify(bench)(state(), freshSignal());
    const again = await verify(bench)(state({ sentBack: first.sentBack }), freshSignal());

    expect(first.evidence).toMatchObject({ passed: true, weakened: [PLACE] });
    expect(first.sentBack).toMatchObject({ weakened: [PLACE], unproven: [] });
    expect([again.sentBack, again.outcome]).toEqual([undefined, undefined]);
    expect(again.evidence?.weakened).toMatchObject([PLACE]);
  });

  it.each([
    ["nobody may try any more", { corrections: 2 }],
    ["no worker was at it", { workPlan: undefined }],
  ])("are only told where %s", async (_name, known) => {
    const { bench, state } = await branchWith({ files, edits });

    const { evidence, sentBack } = await verify(bench)(state(known), freshSignal());

    expect(evidence?.weakened).toMatchObject([PLACE]);
    expect(sentBack).toBeUndefined();
  });

  it("are told as asked for where the request asks for it", async () => {
    const { bench, state } = await branchWith({ files, edits });
    const { task } = state();

    const { evidence, sentBack } = await verify(bench)(
      state({ task: { ...task, request: "skip the slow tests" } }),
      freshSignal(),
    );

    expect(evidence).toMatchObject({ weakened: [PLACE], weakenedAskedBy: "request" });
    expect(sentBack).toBeUndefined();
  });

  it("are told of a red run, too, and of files that were renamed on the way", async () => {
    const gone = { kind: "delete", path: "test_a.py" } as const;
    const renamed = write("test_b.py", TEST.replace("says() == 1", "says()"));
    const world = await stageWorld({ replies: [], files });
    const parent = world.upstream.main;
    const made = { parent, edits: [gone, renamed], message: "feat: say" };
    const commits = [{ title: "Say", changeSet: await world.mirror.commitEdits(made) }];

    const { evidence } = await verify(world.bench)(world.state({ commits }), freshSignal());

    expect(evidence).toMatchObject({
      passed: false,
      weakened: [{ path: "test_b.py", line: 2, kind: "weakened-assertion" }],
    });
  });
});

describe("what is run on the base", () => {
  it("is bounded, and what is over the bound is told", async () => {
    const items = Array.from({ length: 7 }, (_, at) => {
      const acceptance = { name: `n${at}`, command: `grep -qx yes a.txt # ${at}` };
      return itemOf(`i${at}`, { acceptance });
    });
    const { bench, state } = await branchWith({ edits: [SAYS_YES], items });

    const { evidence } = await verify(bench)(state(), freshSignal());

    const kinds = evidence?.proofs?.map(({ kind }) => kind);
    expect(kinds).toEqual([...Array(5).fill("red-green"), "not-run", "not-run"]);
    expect(evidence?.proofs?.at(-1)?.why).toBe("Only the first 5 are run a second time.");
  });

  it("says nothing where tests stand in the same files as the code", async () => {
    const edits = [SAYS_YES, write("src/a.rs", "#[test]\nfn a() { assert_eq!(f(), 1); }\n")];
    const acceptance = { name: "true", command: "true" };
    const { bench, state } = await branchWith({ edits, items: [itemOf("a", { acceptance })] });

    const { evidence } = await verify(bench)(state(), freshSignal());

    expect(evidence?.proofs).toMatchObject([
      { kind: "not-run", why: expect.stringContaining("same files as the code") },
    ]);
  });
});
