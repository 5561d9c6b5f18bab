import type Docker from "dockerode";
import { NexusError } from "../../src/core/errors.ts";
import type { Labels } from "../container/container.ts";
import { ask } from "../engine/engine.ts";
import { MADE_LABEL } from "./images.ts";
import type { SetUp } from "./set-up-job.ts";

const COMMIT_MS = 300_000;

/** Makes an image of a set-up's container, under the name of its plan. */
export async function keepImage(
  container: Docker.Container,
  { plan, labels }: Pick<SetUp, "plan" | "labels">,
): Promise<string> {
  const committed: { Id?: string } = await ask(
    "keep what was installed as an image",
    (abortSignal) =>
      container.commit({
        repo: "nexus-environment",
        tag: plan.key,
        pause: false,
        Labels: imageLabels(labels, plan.key),
        abortSignal,
      } as object),
    COMMIT_MS,
  );
  if (committed.Id === undefined) {
    throw new NexusError("sandbox.unavailable", "Docker made no image of the set-up.", {
      retryable: true,
    });
  }
  return committed.Id;
}

// What somebody starts from it by hand is theirs: the container's own labels, which an image would pass on,
// are emptied, and no sweep of containers looks for these.
function imageLabels(labels: Labels, key: string): Readonly<Record<string, string>> {
  const emptied = Object.keys(labels).map((name) => [name, ""]);
  return {
    ...Object.fromEntries(emptied),
    [MADE_LABEL]: key,
    [`${MADE_LABEL}.owner`]: labels["nexus.owner"],
    [`${MADE_LABEL}.session`]: labels["nexus.session"],
  };
}

/** What one image takes of the disk beyond another. */
export async function addedBytes(docker: Docker, image: string, base: string): Promise<number> {
  const size = async (id: string) =>
    (await ask("look for an image", () => docker.getImage(id).inspect())).Size;
  return Math.max(0, (await size(image)) - (await size(base)));
}
