import { describe, expect, it } from "vitest";
import type { Plan } from "../../../../src/core/plan.ts";
import type { Answer, Question } from "../../../../src/core/question.ts";
import { plan } from "../../../../src/pipeline/stages/plan.ts";
import type { TaskState } from "../../../../src/pipeline/task-state.ts";
import type { Architect } from "../../../../src/swarm/architect.ts";
import { sampleTask } from "../../../contracts/samples.ts";
import { freshSignal } from "../../git/sample-repository.ts";
import { itemOf, stageWorld } from "../stage-world.ts";
import { planOf, USAGE } from "../watched-bench.ts";

const [A, B, C] = [itemOf("a"), itemOf("b"), itemOf("c", { dependsOn: ["a"] })];
const SEEN = planOf(A, B, C);
type Brief = Parameters<Architect["plan"]>[0];

function answer(changes: Partial<Answer> = {}): Answer {
  return { id: "d", by: "ana", commentId: 1, said: "", words: "", without: [], ...changes };
}

function question(changes: Partial<Question> = {}): Question {
  const base = { branch: "main", commit: "b".repeat(40) };
  return { plan: SEEN, base, named: ["a.txt"], without: [], usage: USAGE, ...changes };
}

/** Lets the stage meet an architect that has these plans ready; what it was told of is kept. */
async function planned(changes: Partial<TaskState>, plans: readonly Plan[] = []) {
  const { bench, state, tracked } = await stageWorld();
  const briefs: Brief[] = [];
  const architect = {
    async plan(brief: Brief) {
      const made = plans[briefs.length];
      briefs.push(brief);
      if (!made) throw new Error("Nobody was to ask the architect.");
      return { kind: "planned" as const, plan: made, usage: USAGE, steps: [] };
    },
  };
  const worker = { work: () => Promise.reject(new Error("Nobody was to work.")) };
  const team = { architect, worker, otherWorker: worker };
  const update = await plan({ ...bench, team })(state(changes), freshSignal());
  return { update, briefs, tracked, base: state().base };
}

describe("a plan that people are to see", () => {
  it("waits for their word, with the files that it counts on and what it has cost", async () => {
    const task = { ...sampleTask("t"), planFirst: true };

    const { update, tracked, base } = await planned({ task }, [SEEN]);

    expect(update).toEqual({
      usage: USAGE,
      question: { plan: SEEN, base, named: ["a.txt"], without: [], usage: USAGE },
    });
    expect(tracked).toEqual(["the architect is planning"]);
  });

  it("waits where it asks them something, also when nobody wanted to see it", async () => {
    const asking = { ...SEEN, questions: ["In which case?"] };

    const { update } = await planned({}, [asking]);

    expect(update.question?.plan).toEqual(asking);
    expect(update.workPlan).toBeUndefined();
  });

  it("goes to the workers at once where it asks nothing and nobody wanted to see it", async () => {
    const { update } = await planned({}, [{ ...SEEN, questions: [] }]);

    expect(update.question).toBeUndefined();
    expect(update.workPlan?.items).toEqual([A, B, C]);
  });
});

describe("a plan that people saw", () => {
  it("and approved without a word is carried out as it was, item by item, and nobody is asked again", async () => {
    const asked = { question: question(), answers: [answer()] };

    const { update, briefs } = await planned({ asked });

    expect(update).toEqual({ workPlan: SEEN });
    expect(briefs).toEqual([]);
  });

  it("loses what they leave out, by no model", async () => {
    const asked = { question: question(), answers: [answer({ without: ["b"] })] };

    const { update, briefs } = await planned({ asked });

    expect(update.workPlan?.items).toEqual([A, C]);
    expect(briefs).toEqual([]);
  });

  it("is revised by their words, and what they left out stays out, also from an earlier round", async () => {
    const answers = [
      answer({ said: "without b", without: ["b"] }),
      answer({ said: "in blue", words: "in blue" }),
    ];
    const seen = question({ plan: planOf(A, C), without: ["b"] });
    const revised = planOf({ ...A, title: "Blue" }, B);

    const { update, briefs } = await planned({ asked: { question: seen, answers } }, [revised]);

    expect(briefs[0]?.revision).toEqual({ plan: planOf(A, C), reply: "in blue" });
    expect(update.workPlan?.items).toEqual([{ ...A, title: "Blue" }]);
    expect(update.question).toBeUndefined();
  });

  it("waits again where its revision asks again", async () => {
    const asked = { question: question(), answers: [answer({ words: "in blue" })] };
    const asking = { ...planOf(A), questions: ["Light or dark?"] };

    const { update } = await planned({ asked }, [asking]);

    expect(update.question).toMatchObject({
      plan: asking,
      reason: "The plan was made anew by what was said.",
    });
  });

  it("waits again where its revision lost what was named to stay", async () => {
    const only = answer({ without: ["b", "c"], kept: ["a"], words: "in blue" });
    const other = planOf(itemOf("d"));

    const { update } = await planned({ asked: { question: question(), answers: [only] } }, [other]);

    expect(update.workPlan).toBeUndefined();
    expect(update.question).toMatchObject({ plan: other, without: ["b", "c"] });
    expect(update.question?.reason).toContain("It was to keep `a`, and has no such work item");
  });

  it("ends the task where three answers do not settle it", async () => {
    const words = answer({ words: "in blue" });
    const asked = { question: question(), answers: [words, words, words] };

    const { update } = await planned({ asked }, [{ ...SEEN, questions: ["Still?"] }]);

    expect(update.outcome).toMatchObject({ kind: "not-approved", because: "unsettled" });
    expect(update.question).toBeUndefined();
  });

  it("is made anew where a file that it counts on is gone, and shown before anybody works", async () => {
    const gone = itemOf("gone", { paths: ["gone.txt"] });
    const seen = question({ plan: planOf(A, gone), named: ["a.txt", "gone.txt"] });

    const { update, briefs } = await planned({ asked: { question: seen, answers: [answer()] } }, [
      planOf(A),
    ]);

    expect(briefs[0]?.revision?.reply).toBe('The file "gone.txt" is gone.');
    expect(update.workPlan).toBeUndefined();
    expect(update.question?.reason).toBe(
      "The plan was made anew, since it cannot be carried out as it was: `gone.txt` is gone.",
    );
  });

  it("names a few of many reasons, and how many are left", async () => {
    const named = Array.from({ length: 9 }, (_, at) => `gone-${at}.txt`);
    const seen = question({ plan: planOf(itemOf("gone", { paths: named })), named });

    const { update } = await planned({ asked: { question: seen, answers: [answer()] } }, [
      planOf(A),
    ]);

    expect(update.question?.reason).toMatch(/`gone-4\.txt` is gone\. And \d+ more\.$/);
    expect(update.question?.reason).not.toContain("gone-5");
  });

  it("does not miss a file of what was left out", async () => {
    const gone = itemOf("gone", { paths: ["gone.txt"] });
    const seen = question({ plan: planOf(A, gone), named: ["gone.txt"] });

    const { update } = await planned({
      asked: { question: seen, answers: [answer({ without: ["gone"] })] },
    });

    expect(update.workPlan?.items).toEqual([A]);
  });

  it("is held against the rules of the repository as they are now", async () => {
    const checks = [{ name: "x", command: "npm run x" }];
    const asked = { question: question({ plan: { ...planOf(A), checks } }), answers: [answer()] };

    const { update } = await planned({ asked, deny: ["npm"] }, [planOf(A)]);

    expect(update.question?.reason).toContain("refused by policy");
  });

  it("that needs what was left out is shown with the reason, and nothing is left out any more", async () => {
    const asked = { question: question(), answers: [answer({ without: ["b"], words: "in blue" })] };
    const contradiction = planOf(A, B, itemOf("d", { dependsOn: ["b"] }));

    const { update } = await planned({ asked }, [contradiction]);

    expect(update.question).toMatchObject({ plan: contradiction, without: [] });
    expect(update.question?.reason).toContain("`d` builds on `b`");
  });
});
