import { expect, it } from "vitest";
import { permitted } from "../../../src/pipeline/permitted.ts";
import { createSyntax } from "../../../src/syntax/create-syntax.ts";
import { mirrorOf, upstreamWith, write } from "../git/sample-repository.ts";
import { itemOf } from "./stage-world.ts";

const CODE =
  "export function mine() {\n  return 1;\n}\n\nexport function theirs() {\n  return 2;\n}\n";
const item = itemOf("a", {
  paths: ["src/**"],
  symbols: [
    { path: "src/a.ts", names: ["mine"] },
    { path: "src/new.ts", names: ["fresh"] },
    { path: "src/a.rb", names: ["mine"] },
  ],
});

async function harvest(...edits: Parameters<typeof permitted>[0]["edits"]) {
  const upstream = await upstreamWith({
    "src/a.ts": CODE,
    "src/b.ts": "b\n",
    "src/a.rb": "def mine\nend\n",
  });
  const mirror = await mirrorOf(upstream);
  const found = await permitted({
    edits,
    item,
    commit: upstream.main,
    mirror,
    syntax: createSyntax,
  });
  return { kept: found.edits.map(({ path }) => path), left: found.leftBehind };
}

it.each([
  ["its own part", write("src/a.ts", CODE.replace("1", "3"))],
  ["what is new", write("src/a.ts", `${CODE}\nexport const fresh = 1;\n`)],
  ["a file that it shares with nobody", write("src/b.ts", "c\n")],
  ["a new file that is its own", write("src/new.ts", "export const fresh = 1;\n")],
  ["the loss of a file that it shares with nobody", { kind: "delete", path: "src/b.ts" } as const],
])("%s leaves the container", async (_, edit) => {
  expect(await harvest(edit)).toEqual({ kept: [edit.path], left: [] });
});

it.each([
  ["a part of another item", write("src/a.ts", CODE.replace("2", "3"))],
  ["the loss of a shared file", { kind: "delete", path: "src/a.ts" } as const],
  ["a shared file that no parser knows", write("src/a.rb", "def mine\n1\nend\n")],
  ["a shared file that cannot be parsed any more", write("src/a.ts", "export function mine( {")],
  ["a shared file that became a link", { ...write("src/a.ts", "b.ts"), mode: "120000" } as const],
  ["what is outside its paths", write("README.md", "x")],
])("%s stays behind", async (_, edit) => {
  const other = write("src/b.ts", "c\n");

  expect(await harvest(edit, other)).toEqual({ kept: ["src/b.ts"], left: [edit.path] });
});
