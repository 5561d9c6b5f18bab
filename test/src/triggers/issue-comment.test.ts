import { createRequire } from "node:module";
import type { EmitterWebhookEvent } from "@octokit/webhooks";
import { describe, expect, it } from "vitest";
import { deliveryFromComment } from "../../../src/triggers/issue-comment.ts";

interface RecordedComment {
  readonly installation?: object;
  readonly comment: object;
}

const PERSON = { login: "ada", id: 7, type: "User" };

function payload(): Record<string, unknown> {
  return {
    action: "created",
    installation: { id: 99 },
    repository: { id: 1, name: "engine", owner: { login: "acme", id: 2, type: "Organization" } },
    issue: { number: 12, title: "Red", state: "open" },
    comment: { id: 345, body: "/nexus fix the tests", user: PERSON },
    sender: PERSON,
  };
}

function commentEvent(
  changes: Record<string, unknown> = {},
  id = "72d3162e-cc78-11e3-81ab-4c9367dc0958",
) {
  // Only the fields that are read; the whole event has two hundred.
  return {
    id,
    name: "issue_comment",
    payload: { ...payload(), ...changes },
  } as unknown as EmitterWebhookEvent<"issue_comment.created">;
}

describe("a comment becomes a task", () => {
  it("with everything the road needs and nothing else", () => {
    const task = deliveryFromComment(commentEvent());

    expect(task).toEqual({
      id: "72d3162e-cc78-11e3-81ab-4c9367dc0958",
      repo: { owner: "acme", name: "engine" },
      installationId: 99,
      issue: 12,
      isPullRequest: false,
      commentId: 345,
      requestedBy: "ada",
      request: "fix the tests",
    });
  });

  it("from the event as GitHub sends it", () => {
    const examples: readonly { name: string; examples: readonly RecordedComment[] }[] =
      createRequire(import.meta.url)("@octokit/webhooks-examples");
    const recorded = examples
      .find(({ name }) => name === "issue_comment")
      ?.examples.find((example) => example.installation !== undefined);

    const task = deliveryFromComment(
      commentEvent({
        ...recorded,
        comment: { ...recorded?.comment, body: "/nexus fix" },
      }),
    );

    expect(task).toMatchObject({ requestedBy: "Codertocat", request: "fix", isPullRequest: false });
  });

  it("that knows when it was written on a pull request", () => {
    const task = deliveryFromComment(
      commentEvent({ issue: { number: 3, pull_request: { url: "x" } } }),
    );

    expect(task).toMatchObject({ issue: 3, isPullRequest: true });
  });
});

describe("a comment is not for us", () => {
  const bot = { login: "nexus[bot]", type: "Bot" };
  const others: readonly (readonly [string, Record<string, unknown>])[] = [
    ["without a command", { comment: { id: 1, body: "hello", user: PERSON } }],
    ["by a bot", { comment: { id: 1, body: "/nexus fix", user: bot }, sender: bot }],
    ["sent by a bot", { sender: { ...PERSON, type: "Bot" } }],
    [
      "by an organisation",
      { comment: { id: 1, body: "/nexus fix", user: { ...PERSON, type: "Organization" } } },
    ],
    ["sent by somebody else than its author", { sender: { login: "eve", type: "User" } }],
    ["by a deleted account", { comment: { id: 1, body: "/nexus fix", user: null } }],
    [
      "with our own marker",
      { comment: { id: 1, body: "<!-- nexus:task=1 -->\n/nexus fix", user: PERSON } },
    ],
    ["without an installation", { installation: undefined }],
    ["without a body", { comment: { id: 1, body: null, user: PERSON } }],
    ["of an issue without a number", { issue: {} }],
    ["of a repository without an owner", { repository: { name: "engine", owner: null } }],
    ["with an id that is no number", { comment: { id: "1", body: "/nexus fix", user: PERSON } }],
    ["with a negative issue number", { issue: { number: -1 } }],
  ];

  it.each(others)("%s", (_name, changes) => {
    expect(deliveryFromComment(commentEvent(changes))).toBeUndefined();
  });

  it.each(["", "../../x", "a b", "x".repeat(101)])("when the delivery's id is %j", (id) => {
    expect(deliveryFromComment(commentEvent({}, id))).toBeUndefined();
  });
});

describe("a comment on a plan", () => {
  const said = (body: string, changes: Record<string, unknown> = {}) =>
    deliveryFromComment(commentEvent({ comment: { id: 345, body, user: PERSON }, ...changes }));

  it("asks for one, that is shown before anybody works", () => {
    expect(said("/nexus plan add dates\nin two formats")).toEqual({
      id: "72d3162e-cc78-11e3-81ab-4c9367dc0958",
      repo: { owner: "acme", name: "engine" },
      installationId: 99,
      issue: 12,
      isPullRequest: false,
      commentId: 345,
      requestedBy: "ada",
      request: "add dates\nin two formats",
      planFirst: true,
    });
  });

  it("is about the issue or the pull request itself where it names nothing", () => {
    const onPull = { issue: { number: 3, pull_request: { url: "x" } } };

    expect(said("/nexus plan")).toMatchObject({ request: "this issue", planFirst: true });
    expect(said("/nexus plan", onPull)).toMatchObject({ request: "this pull request" });
  });

  it("gives a word on it, which is no task", () => {
    expect(said("/nexus approve without docs\nand call it `when`")).toEqual({
      kind: "approval",
      id: "72d3162e-cc78-11e3-81ab-4c9367dc0958",
      repo: { owner: "acme", name: "engine" },
      installationId: 99,
      issue: 12,
      isPullRequest: false,
      commentId: 345,
      requestedBy: "ada",
      words: "without docs\nand call it `when`",
    });
  });

  it.each([
    ["2026-01-31T12:00:10Z", "2026-01-31T12:00:10Z"],
    ["yesterday", undefined],
    [7, undefined],
  ])("that was written at %j is dated where that is a time", (created_at, madeAt) => {
    const comment = { id: 1, body: "/nexus approve", user: PERSON, created_at };

    expect(said("/nexus approve", { comment })).toMatchObject({ kind: "approval", commentId: 1 });
    expect(said("/nexus approve", { comment })).toHaveProperty("madeAt", madeAt);
  });

  it("by a bot says nothing", () => {
    const bot = { login: "nexus[bot]", type: "Bot" };

    expect(
      said("/nexus approve", { comment: { id: 1, body: "/nexus approve", user: bot } }),
    ).toBeUndefined();
    expect(said("/nexus approve", { sender: bot })).toBeUndefined();
  });
});
