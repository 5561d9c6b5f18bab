import { expect, it } from "vitest";
import { retrieveFiles } from "../../../src/pipeline/retrieve-files.ts";
import { mirrorOf, upstreamWith } from "../git/sample-repository.ts";

const FILES = {
  "src/total.ts": "export function cartTotal() {\n  return 0;\n}\n",
  "src/other.ts": "export const other = 1;\n",
  "docs/cart.md": "The CART of a customer.\n",
};

it("the files that a text is about are found in a commit, by names and by words", async () => {
  const upstream = await upstreamWith(FILES);
  const mirror = await mirrorOf(upstream);

  const found = await retrieveFiles(mirror, {
    commit: upstream.main,
    text: "cartTotal() counts a customer twice",
    most: 5,
  });

  expect(found).toEqual([
    {
      path: "src/total.ts",
      reasons: ['defines "cartTotal"', 'has "cartTotal"', 'its path has "total"'],
      lines: [{ line: 1, text: "export function cartTotal() {" }],
    },
    {
      path: "docs/cart.md",
      reasons: ['has "customer"', 'its path has "cart"'],
      lines: [{ line: 1, text: "The CART of a customer." }],
    },
  ]);
});

it("a search that is refused leaves a ranking by paths", async () => {
  const upstream = await upstreamWith(FILES);
  const mirror = await mirrorOf(upstream);
  const refusing = { ...mirror, grep: async () => ({ kind: "refused", why: "too slow" }) as const };

  const found = await retrieveFiles(refusing, {
    commit: upstream.main,
    text: "src/other.ts",
    most: 5,
  });

  expect(found.map(({ path }) => path)).toEqual(["src/other.ts"]);
});
