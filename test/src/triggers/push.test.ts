import type { EmitterWebhookEvent } from "@octokit/webhooks";
import { describe, expect, it } from "vitest";
import { baseMovedBy } from "../../../src/triggers/push.ts";

const HEAD = "a".repeat(40);
const ID = "72d3162e-cc78-11e3-81ab-4c9367dc0958";

function pushEvent(changes: Record<string, unknown> = {}, id = ID) {
  const payload = {
    installation: { id: 99 },
    repository: { name: "engine", owner: { login: "acme" } },
    ref: "refs/heads/main",
    after: HEAD,
    created: false,
    deleted: false,
    sender: { login: "ada", type: "User" },
    ...changes,
  };
  // Only the fields that are read; the whole event has two hundred.
  return { id, name: "push", payload } as unknown as EmitterWebhookEvent<"push">;
}

describe("a push is news of a branch that moved", () => {
  it("with everything that is needed and nothing else", () => {
    expect(baseMovedBy(pushEvent())).toEqual({
      kind: "base-moved",
      id: ID,
      repo: { owner: "acme", name: "engine" },
      installationId: 99,
      branch: "main",
      head: HEAD,
    });
  });

  it.each([
    ["by a bot, such as a merge queue", { sender: { login: "queue[bot]", type: "Bot" } }],
    ["with force", { forced: true }],
  ])("%s", (_name, changes) => {
    expect(baseMovedBy(pushEvent(changes))).toMatchObject({ branch: "main", head: HEAD });
  });

  it("of a branch whose name has parts", () => {
    expect(baseMovedBy(pushEvent({ ref: "refs/heads/release/1.x" }))).toMatchObject({
      branch: "release/1.x",
    });
  });
});

describe("a push is not for us", () => {
  it.each([
    ["of a tag", { ref: "refs/tags/v1" }],
    ["that makes a branch", { created: true }],
    ["that deletes a branch", { deleted: true, after: "0".repeat(40) }],
    ["of something else", { ref: "refs/pull/1/head" }],
    ["of a branch without a name", { ref: "refs/heads/" }],
    ["without a ref", { ref: undefined }],
    ["to something that is no commit", { after: "main" }],
    ["without an installation", { installation: undefined }],
    ["without a repository", { repository: null }],
    ["to a repository without a name", { repository: { name: "", owner: { login: "acme" } } }],
  ])("%s", (_name, changes) => {
    expect(baseMovedBy(pushEvent(changes))).toBeUndefined();
  });

  it("with an id that is none", () => {
    expect(baseMovedBy(pushEvent({}, "../x"))).toBeUndefined();
  });
});
