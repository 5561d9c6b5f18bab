import type { ModelReply } from "../../../../src/core/model.ts";
import type { WorkItem } from "../../../../src/core/plan.ts";
import type { CorrectionNotes } from "../../../../src/swarm/correction-notes.ts";
import type { WorkerLimits } from "../../../../src/swarm/limits.ts";
import type { FakeReply } from "../../../fakes/fake-model.ts";

/** A model's words for one work item in one repository, of which a trajectory is recorded. */
export interface Scenario {
  readonly name: string;
  readonly files: Readonly<Record<string, string>>;
  readonly item?: Partial<WorkItem>;
  readonly notes?: string;
  /** Where checks that were red are corrected. */
  readonly correction?: CorrectionNotes;
  readonly deny?: readonly string[];
  readonly dryRun?: true;
  readonly limits?: Partial<WorkerLimits>;
  readonly replies: readonly FakeReply[];
}

type Call = readonly [name: string, input: unknown];

let calls = 0;

/** A reply that makes these calls, under ids that are the same at each recording. */
function reply(...made: readonly Call[]): Partial<ModelReply> {
  return {
    text: made.length > 1 ? "All of it at once." : "",
    calls: made.map(([name, input]) => {
      calls += 1;
      return {
        id: `c${calls}`,
        name,
        input: typeof input === "string" ? input : JSON.stringify(input),
      };
    }),
  };
}

const edit = (path: string, old: string, to: string): Call => ["edit", { path, old, new: to }];
const read = (path: string): Call => ["read", { path }];
const run = (command: string): Call => ["run", { command }];
const finish = (summary: string): FakeReply => reply(["finish", { summary }]);

const MEAN = `export function mean(numbers) {
  return numbers.reduce((a, b) => a + b, 0) / numbers.lenght;
}
`;
const SUM = "export const sum = (a, b) => a + b;\n";
const FILES = { "README.md": "# Sums\n", "src/mean.mjs": MEAN, "src/sum.mjs": SUM };
const TESTED = "node --input-type=module -e";
const CHECK = `${TESTED} 'import("./src/mean.mjs").then(({ mean }) => { if (mean([1, 3]) !== 2) process.exit(3); })'`;
const FIXED = edit("src/mean.mjs", "lenght", "length");

/** All of them. What each is about is its name. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: "edits-one-file",
    files: FILES,
    replies: [reply(read("src/mean.mjs")), reply(FIXED), finish("Spelled it.")],
  },
  {
    name: "edits-many-files",
    files: FILES,
    replies: [
      reply(["list", {}]),
      reply(FIXED, edit("src/sum.mjs", "(a, b)", "(a, b = 0)")),
      reply(edit("README.md", "# Sums\n", "# Sums\n\nmean and sum.\n")),
      finish("Fixed mean, sum and their README."),
    ],
    item: { paths: ["src/**", "README.md"] },
  },
  {
    name: "creates-files",
    files: FILES,
    replies: [
      reply(edit("src/range.mjs", "", "export const range = (n) => [...Array(n).keys()];\n")),
      reply(edit("src/deep/er/index.mjs", "", 'export * from "../../range.mjs";\n')),
      finish("Added range."),
    ],
  },
  {
    name: "deletes-a-file",
    files: { ...FILES, "src/old.mjs": "export {};\n" },
    replies: [reply(["delete", { path: "src/old.mjs" }]), reply(["list", {}]), finish("Gone.")],
  },
  {
    name: "moves-text-between-files",
    files: FILES,
    replies: [
      reply(read("src/sum.mjs"), read("src/mean.mjs")),
      reply(
        edit("src/sum.mjs", SUM, `${SUM}export { mean } from "./mean.mjs";\n`),
        edit("src/mean.mjs", "export function", "export default function"),
      ),
      reply(edit("src/mean.mjs", "export default function", "export function")),
      finish("sum.mjs hands mean on."),
    ],
  },
  {
    name: "corrects-itself-after-a-red-command",
    files: FILES,
    notes: "Check mean: it ended with exit code 3.",
    replies: [
      reply(run(CHECK)),
      reply(edit("src/mean.mjs", "numbers.lenght", "numbers.size")),
      reply(run(CHECK)),
      reply(edit("src/mean.mjs", "numbers.size", "numbers.length")),
      reply(run(CHECK)),
      finish("The mean of 1 and 3 is 2 again."),
    ],
  },
  {
    name: "changes-files-by-a-command",
    files: FILES,
    replies: [
      reply(run("sed -i 's/lenght/length/' src/mean.mjs && printf 'made\\n' > src/made.txt")),
      reply(run("cat src/made.txt; ls src")),
      finish("Done by sed."),
    ],
  },
  {
    name: "leaves-behind-what-is-not-its-own",
    files: FILES,
    replies: [
      reply(
        run("printf 'no\\n' >> README.md; printf 'x\\n' > stray.txt; printf 'y\\n' > src/own.txt"),
      ),
      finish("Wrote wherever I liked."),
    ],
  },
  {
    name: "is-refused-paths-of-others",
    files: FILES,
    replies: [
      reply(edit("README.md", "# Sums\n", "# Mine\n")),
      reply(edit("../outside.txt", "", "x"), ["delete", { path: ".git/config" }]),
      reply(FIXED),
      finish("Stayed in src in the end."),
    ],
  },
  {
    name: "is-refused-commands",
    files: FILES,
    deny: ["sed"],
    replies: [
      reply(run("git push origin main")),
      reply(run("sed -i s/a/b/ src/sum.mjs")),
      reply(FIXED),
      finish("By hand then."),
    ],
  },
  {
    name: "makes-calls-that-cannot-be-read",
    files: FILES,
    replies: [
      reply(["edit", '{"path": "src/mean.mjs", "old": "lengh']),
      reply(["edit", { path: "src/mean.mjs" }], ["write_file", { path: "x" }]),
      reply(FIXED),
      finish("Said properly at last."),
    ],
  },
  {
    name: "edits-what-is-not-there",
    files: FILES,
    replies: [
      reply(edit("src/mean.mjs", "nowhere", "x"), edit("src/none.mjs", "a", "b")),
      reply(edit("src/mean.mjs", "numbers", "values")),
      reply(FIXED),
      finish("Found it."),
    ],
  },
  {
    name: "looks-around-first",
    files: { ...FILES, "src/a b/ü.txt": "näh\n" },
    replies: [
      reply(["list", { path: "src" }], ["search", { pattern: "numbers" }]),
      reply(["search", { pattern: "exp.rt", regex: true, path: "src" }], read("src/a b/ü.txt")),
      reply(read("src/none.mjs"), read("src")),
      reply(FIXED),
      finish("Looked, then spelled it."),
    ],
  },
  {
    name: "calls-many-tools-at-once",
    files: FILES,
    limits: { maxCallsPerReply: 3 },
    replies: [
      reply(read("README.md"), read("src/mean.mjs"), FIXED, read("src/sum.mjs"), ["list", {}]),
      reply(read("src/mean.mjs")),
      finish("In threes."),
    ],
  },
  {
    name: "reads-output-that-is-cut",
    files: {
      ...FILES,
      "src/long.txt": Array.from({ length: 3_000 }, (_, n) => `line ${n}\n`).join(""),
    },
    limits: { maxCallOutput: 2_000, maxReplyOutput: 4_000 },
    replies: [
      reply(read("src/long.txt"), run("cat src/long.txt")),
      reply(["search", { pattern: "line" }]),
      reply(edit("src/long.txt", "line 2999\n", "the last line\n")),
      finish("Changed the end of it."),
    ],
  },
  {
    name: "falls-silent-and-is-reminded",
    files: FILES,
    replies: [
      { text: "I would now correct the spelling." },
      { text: "", stop: "length" },
      reply(FIXED),
      finish("Did it."),
    ],
  },
  {
    name: "never-calls-a-tool",
    files: FILES,
    replies: [{ text: "One." }, { text: "Two." }, { text: "Three." }],
  },
  {
    name: "goes-round-in-circles",
    files: FILES,
    limits: { tellAtRepeats: 2, stopAtRepeats: 3 },
    replies: [reply(read("README.md")), reply(read("README.md")), reply(read("README.md"))],
  },
  {
    name: "runs-out-of-steps",
    files: FILES,
    limits: { maxSteps: 3 },
    replies: [reply(FIXED), reply(["list", {}]), reply(read("src/mean.mjs"))],
  },
  {
    name: "only-writes-commands-down",
    files: FILES,
    dryRun: true,
    replies: [reply(run("rm -rf src")), reply(FIXED), finish("Nothing ran.")],
  },
  {
    name: "renames-and-edits-in-several-places",
    files: FILES,
    replies: [
      reply(["rename", { from: "src/sum.mjs", to: "src/add.mjs" }]),
      reply([
        "edit",
        {
          path: "src/mean.mjs",
          edits: [
            { old: "lenght", new: "length" },
            { old: "numbers", new: "values", all: true },
          ],
        },
      ]),
      reply(["search", { pattern: "mean", symbol: true }]),
      finish("Renamed sum to add."),
    ],
  },
  {
    name: "reads-the-rest-of-what-was-cut",
    files: {
      ...FILES,
      "src/long.txt": Array.from({ length: 900 }, (_, n) => `line ${n}\n`).join(""),
    },
    limits: { maxCallOutput: 1_500, maxReplyOutput: 3_000 },
    replies: [
      reply(run("cat src/long.txt")),
      reply(["read", { path: "output:1", from: 400, to: 410 }]),
      reply(["read", { path: "src/long.txt", from: 890 }]),
      finish("Read it to its end."),
    ],
  },
  {
    name: "talks-to-others-and-asks",
    files: FILES,
    replies: [
      reply(["post_message", { to: "all", text: "mean is being mended" }]),
      reply(["remember", { text: "The sums live in src." }]),
      reply(["ask_context", { question: "mean numbers reduce" }]),
      reply(FIXED),
      finish("Told and asked."),
    ],
  },
  {
    name: "proves-what-it-finishes",
    files: FILES,
    replies: [
      reply(FIXED),
      reply(["finish", { summary: "Mended.", proof: CHECK }]),
      reply(run(CHECK)),
      reply(["finish", { summary: "Mended, and shown.", proof: CHECK }]),
    ],
  },
  {
    name: "corrects-what-it-did",
    files: FILES,
    item: { id: "correction-1", title: "Correct: Mend the sums" },
    correction: {
      kind: "continued",
      failures: "test: exit code 1\nsrc/mean.mjs:2: the mean of 1 and 3 is NaN\n",
      diff: "+  return numbers.reduce((a, b) => a + b, 0) / numbers.lenght;\n",
      trajectory: "step 3: finish: Mended.\n",
      tried: "",
    },
    replies: [reply(read("src/mean.mjs")), reply(FIXED), finish("Spelled it.")],
  },
  {
    name: "corrects-what-another-model-did",
    files: FILES,
    item: { id: "correction-2", title: "Correct: Mend the sums" },
    correction: {
      kind: "fresh",
      failures: "test: exit code 1\nsrc/mean.mjs:2: the mean of 1 and 3 is NaN\n",
      diff: "+  return numbers.reduce((a, b) => a + b, 0) / numbers.lenght;\n",
      trajectory: "",
      tried: "Try 1 changed src/mean.mjs, and test was red after it.\n",
    },
    replies: [
      {
        ...reply(FIXED),
        served: { provider: "openai", model: "other", waitedMs: 0, attempts: [] },
      },
      finish("The smallest change."),
    ],
  },
];
