import { expect, inject, it } from "vitest";
import { freshDatabase } from "../world/database.ts";
import { startGitHub } from "../world/github/github.ts";
import { startInstallation } from "../world/installation.ts";
import { sampleRepository } from "../world/sample-repository.ts";
import { until } from "../world/until.ts";

it("a comment on an issue becomes a verified pull request without a model", async () => {
  await using github = await startGitHub();
  await using database = await freshDatabase(inject("databaseUrl"));
  await using nexus = await startInstallation({
    github,
    databaseUrl: database.url,
    redisUrl: inject("redisUrl"),
  });
  const name = { owner: "acme", name: "sums" };
  await github.createRepository({ ...name, files: await sampleRepository("sums") });
  github.addCollaborator(name, "maria", "write");
  const issue = await github.openIssue(name, { title: "CI is red", body: "Format?", by: "maria" });

  await github.comment(name, issue, { by: "maria", body: "/nexus fix the failing checks" });

  const pull = await until(async () => (await github.pulls(name))[0], {
    what: "a pull request",
    timeoutMs: 40_000,
    tell: () => nexus.output(),
  });
  console.log(pull, await github.comments(name, issue), nexus.output());
  expect(pull.title).toBe("Fix failing checks: format:check");
});
