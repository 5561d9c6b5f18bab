import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { client } from "./client.ts";
import { type GitHubWorld, startGitHub } from "./github.ts";
import { readDescription } from "./openapi.ts";
import { checkPayload } from "./payload-shape.ts";
import { createContract } from "./validate.ts";
import { catchWebhooks } from "./webhook-catcher.ts";

let world: GitHubWorld;
let call: ReturnType<typeof client>;

beforeAll(async () => {
  world = await startGitHub();
  const { repo } = await world.createRepository({ owner: "ada", name: "sums", files: { a: "a" } });
  world.openIssue(repo, { title: "One", body: "", by: "ada" });
  call = client(world, world.token(repo, { issues: "write", pull_requests: "write" }));
});
afterAll(() => world[Symbol.asyncDispose]());
beforeEach(() => {
  world.violations.length = 0;
});

it.each([
  ["an unknown operation", "GET /repos/ada/sums/stargazers", undefined],
  ["an unknown method", "PUT /repos/ada/sums/issues/1", {}],
  ["an unknown parameter", "GET /repos/ada/sums/issues?sorted=1", undefined],
  ["a parameter outside its list", "GET /repos/ada/sums/issues?state=ajar", undefined],
  ["a number that is none", "GET /repos/ada/sums/issues/one", undefined],
  ["a missing field", "POST /repos/ada/sums/pulls", { head: "x" }],
  ["an invented field", "POST /repos/ada/sums/issues/1/comments", { body: "x", text: "y" }],
  ["a field of another type", "POST /repos/ada/sums/issues/1/comments", { body: 7 }],
  ["no body where one is needed", "POST /repos/ada/sums/issues", undefined],
])("a request with %s is refused and remembered", async (_, operation, body) => {
  const answer = await call(operation, body);

  expect(answer.status).toBe(422);
  expect(world.violations).not.toEqual([]);
});

it("an answer with a field of another type is found, one without a field is a warning", () => {
  const description = readDescription();
  const contract = createContract(description);
  const operation = description.operations.get("GET /repos/{owner}/{repo}/labels/{name}");
  if (operation === undefined) throw new Error("The subset lacks labels.");
  const label = {
    id: 1,
    node_id: "n",
    url: "http://127.0.0.1/x",
    name: "bug",
    color: "f00",
    description: null,
    default: false,
  };
  const { color: _, ...colourless } = label;

  const fine = contract.checkResponse(operation, { status: 200, body: label });
  const wrong = contract.checkResponse(operation, { status: 200, body: { ...label, id: "1" } });
  const relative = contract.checkResponse(operation, { status: 200, body: { ...label, url: "x" } });
  const less = contract.checkResponse(operation, { status: 200, body: colourless });
  const status = contract.checkResponse(operation, { status: 299, body: label });

  expect(fine).toEqual({ errors: [], warnings: [] });
  expect(wrong.errors).toHaveLength(1);
  expect(relative.errors).toHaveLength(1);
  expect(less).toMatchObject({ errors: [], warnings: [expect.stringContaining("color")] });
  expect(status.errors).toHaveLength(1);
});

it("a webhook that lacks a key or has another type is found", async () => {
  await using hook = await catchWebhooks();
  world.setWebhook(hook.url);
  await world.comment({ owner: "ada", name: "sums" }, 1, { by: "ada", body: "hi" });
  world.setWebhook(undefined);
  const payload = JSON.parse(hook.caught[0]?.body ?? "{}");
  const { user: _, ...anonymous } = payload.comment;

  const right = checkPayload("issue_comment", payload);
  const missing = checkPayload("issue_comment", { ...payload, comment: anonymous });
  const wrong = checkPayload("issue_comment", { ...payload, issue: "1" });

  expect(right).toEqual([]);
  expect(missing).toEqual(["issue_comment.comment.user is missing"]);
  expect(wrong).toEqual(["issue_comment.issue is string, the examples have object"]);
});
