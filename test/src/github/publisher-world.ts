import { dirname } from "node:path";
import { onTestFinished } from "vitest";
import type { EffectWish } from "../../../src/core/effect.ts";
import { pushBundle } from "../../../src/git/push.ts";
import { createAppTokens } from "../../../src/github/app-tokens.ts";
import { createPublisher } from "../../../src/github/publish.ts";
import { startGitHub } from "../../world/github/github.ts";
import { temporaryFolder } from "../git/sample-repository.ts";

/** The repository all tests of the publisher write to. */
export const repo = { owner: "ada", name: "sums" };

/** A GitHub with one repository and one issue, and a publisher that writes to it. */
export async function publisherWorld() {
  const world = await startGitHub();
  onTestFinished(() => world[Symbol.asyncDispose]());
  const { installationId, sha } = await world.createRepository({ ...repo, files: { a: "1\n" } });
  const issue = world.openIssue(repo, { title: "One", body: "", by: "ada" });
  const { apiUrl, app } = world;
  const tokens = createAppTokens({ appId: app.id, privateKey: app.privateKey, apiUrl });
  const folder = await temporaryFolder();
  const publisher = createPublisher({
    tokens,
    apiUrl,
    push: (wish) => pushBundle({ ...wish, folder }),
  });
  const perform = (
    wish: EffectWish,
    bundle?: Uint8Array,
    signal = new AbortController().signal,
  ) => {
    const effect = { id: "t/e", taskId: "t", repo, installationId, wish };
    return publisher.perform({ effect, version: 1, attempts: 0, triedForMs: 0, bundle }, signal);
  };
  const asked = (method: string, path: RegExp) =>
    world.requests.filter((seen) => seen.method === method && path.test(seen.path));
  return { world, tokens, installationId, sha, issue, perform, asked, folder: dirname(folder) };
}
