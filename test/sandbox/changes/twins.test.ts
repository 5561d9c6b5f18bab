import { expect, it } from "vitest";
import { viewOf } from "../../../sandbox/changes/frozen-tree.ts";
import { newTwins } from "../../../sandbox/changes/twins.ts";

const nothing = viewOf({ folders: [] });

it("tells each new name once, however many beside it are alike", async () => {
  // Every way to write sixteen letters in capitals and small ones.
  const written = Array.from({ length: 20_000 }, (_, number) =>
    number.toString(2).padStart(16, "0").replaceAll("0", "a").replaceAll("1", "A"),
  );

  const twins = await newTwins({ before: nothing, written, gone: new Set() });

  expect(twins).toHaveLength(20_000);
  expect(twins[0]).toEqual({ path: written[0], other: written[1] });
});

it("tells nothing of names that are not alike", async () => {
  const written = ["a/b", "A b", "a/c", "d"];

  expect(await newTwins({ before: nothing, written, gone: new Set() })).toEqual([]);
});
