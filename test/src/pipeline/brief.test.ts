import { expect, it } from "vitest";
import { readBrief } from "../../../src/pipeline/brief.ts";
import { sampleEvidence } from "../../contracts/samples.ts";
import { write } from "../git/sample-repository.ts";
import { watchedBench } from "./watched-bench.ts";

const FILES = {
  "README.md": "# shop\n",
  "package.json": "{}\n",
  "src/deep/total.ts": "export {};\n",
  "secrets.txt": "not shown\n",
};

it("the architect reads the request, the issue, all paths and the files that explain most", async () => {
  const { bench, state } = await watchedBench({ files: FILES });

  const brief = await readBrief(bench, state({ baseline: sampleEvidence }));

  expect(brief).toEqual({
    request: "say yes in every file",
    issue: { title: "Say yes", body: "" },
    paths: ["README.md", "package.json", "secrets.txt", "src/deep/total.ts"],
    files: [
      { path: "README.md", content: "# shop\n" },
      { path: "package.json", content: "{}\n" },
    ],
    checks: sampleEvidence.checks,
  });
});

it("of the branch as it is, with the checks as they stand there", async () => {
  const { bench, state, mirror, upstream } = await watchedBench({ files: FILES });
  const edits = [write("added.txt", "new\n"), write("README.md", "# better\n")];
  const changeSet = await mirror.commitEdits({ parent: upstream.main, edits, message: "fix" });
  const red = { ...sampleEvidence, checks: [], passed: false };

  const brief = await readBrief(
    bench,
    state({ commits: [{ title: "fix", changeSet }], baseline: sampleEvidence, evidence: red }),
  );

  expect(brief.paths).toContain("added.txt");
  expect(brief.files[0]).toEqual({ path: "README.md", content: "# better\n" });
  expect(brief.checks).toEqual([]);
});

it("an empty repository is a brief too", async () => {
  const { bench, state } = await watchedBench({ files: { "x.txt": "" } });

  expect(await readBrief(bench, state())).toMatchObject({
    files: [],
    checks: [],
    paths: ["x.txt"],
  });
});
