import { describe, expect, it } from "vitest";
import { openLibrary } from "../../../src/pipeline/library.ts";
import { createSyntax } from "../../../src/syntax/create-syntax.ts";
import { freshSignal, mirrorOf, upstreamWith } from "../git/sample-repository.ts";

const FILES = {
  "src/greet.ts": "export function greet() {\n  return 1;\n}\n",
  "src/broken.ts": "export function (((\n",
  "src/deep/use.ts": "greet();\n",
  "data.bin": "greet\n",
};

async function opened() {
  const upstream = await upstreamWith(FILES);
  const mirror = await mirrorOf(upstream);
  let asked = 0;
  const syntax = () => {
    asked += 1;
    return createSyntax();
  };
  const library = openLibrary({ mirror, commit: upstream.main, syntax, signal: freshSignal() });
  return { library, upstream, timesAsked: () => asked };
}

describe("the library of a commit", () => {
  it("reads files as they are there, and those alone", async () => {
    const { library, upstream } = await opened();
    upstream.commit({ "src/greet.ts": "later\n" }, { parents: [upstream.main] });

    expect(await library.read("src/deep/use.ts")).toBe("greet();\n");
    expect(await library.read("src/greet.ts")).toContain("return 1");
    expect(await library.read("src")).toBeUndefined();
    expect(await library.read("../etc/passwd")).toBeUndefined();
  });

  it("searches texts and expressions, everywhere or in a folder", async () => {
    const { library } = await opened();
    const all = await library.search({ pattern: "greet(", regex: false, path: "" });
    const deep = await library.search({ pattern: "^greet", regex: true, path: "src/deep" });

    expect(all).toMatchObject({ hits: [{ path: "src/deep/use.ts" }, { path: "src/greet.ts" }] });
    expect(deep).toMatchObject({ hits: [{ path: "src/deep/use.ts", line: 1, text: "greet();" }] });
    expect(await library.search({ pattern: "a(", regex: true, path: "" })).toMatchObject({
      kind: "refused",
    });
  });

  it("tells the parts of a file that a parser reads whole, parsed once", async () => {
    const { library, timesAsked } = await opened();

    const [first] = (await library.definitions("src/greet.ts")) ?? [];
    await library.definitions("src/greet.ts");

    expect(first).toMatchObject({ name: "greet", kind: "function" });
    expect(timesAsked()).toBe(1);
  });

  it.each(["src/broken.ts", "data.bin", "src/none.ts"])("tells no parts of %s", async (path) => {
    const { library } = await opened();

    expect(await library.definitions(path)).toBeUndefined();
  });
});
