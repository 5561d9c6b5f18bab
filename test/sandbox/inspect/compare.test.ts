import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Pair, type Side, unifiedDiff } from "../../../sandbox/inspect/compare.ts";

const file = (text: string | Buffer, mode: Side["mode"] = "100644"): Side => ({
  mode,
  bytes: Buffer.from(text),
});

let scratch = "";
beforeAll(async () => {
  scratch = await mkdtemp(join(tmpdir(), "nexus-compare-"));
});
afterAll(() => rm(scratch, { recursive: true, force: true }));

const diff = (pairs: readonly Pair[], names: readonly string[]) =>
  unifiedDiff(pairs, { scratch, nameOf: (pair) => names[pair] ?? "?" });

it("compares bytes and modes, under the names that are given", async () => {
  const text = await diff(
    [
      { before: file("one\n"), after: file("two\n", "100755") },
      { before: undefined, after: file("new\n") },
      { before: file("old\n"), after: undefined },
      { before: file("", "120000"), after: { mode: "120000", bytes: Buffer.from("to") } },
    ],
    ["src/a.ts", "new name", '"odd\\n"', "link"],
  );

  expect(text.replaceAll(/^index .*\n/gm, "")).toBe(
    `diff --git a/src/a.ts b/src/a.ts
old mode 100644
new mode 100755
--- a/src/a.ts
+++ b/src/a.ts
@@ -1 +1 @@
-one
+two
diff --git a/new name b/new name
new file mode 100644
--- /dev/null
+++ b/new name
@@ -0,0 +1 @@
+new
diff --git a/"odd\\n" b/"odd\\n"
deleted file mode 100644
--- a/"odd\\n"
+++ /dev/null
@@ -1 +0,0 @@
-old
diff --git a/link b/link
--- a/link
+++ b/link
@@ -0,0 +1 @@
+to
\\ No newline at end of file
`,
  );
});

it("tells of a rename", async () => {
  const body = Array.from({ length: 20 }, (_, at) => `line ${at}\n`).join("");

  const text = await diff(
    [
      { before: file(body), after: undefined },
      { before: undefined, after: file(`${body}more\n`) },
    ],
    ["from", "to"],
  );

  expect(text).toContain("diff --git a/from b/to\n");
  expect(text).toContain("rename from from\nrename to to\n");
});

it("shows no bytes of what is no text", async () => {
  const pair = { before: file("a\n"), after: file(Buffer.of(0, 1, 2)) };

  expect(await diff([pair], ["bin"])).toContain("Binary files a/bin and b/bin differ\n");
});

it("is not told by files what to hide or how to run", async () => {
  const attributes = "* -diff\n* diff=evil filter=evil\n";
  const names = [".gitattributes", ".git/config", ".git/hooks/post-commit", "a"];

  const text = await diff(
    [
      { before: file("x\n"), after: file(attributes) },
      { before: undefined, after: file("[core]\n\tpager = touch /tmp/evil\n") },
      { before: undefined, after: file("#!/bin/sh\ntouch evil\n", "100755") },
      { before: file("one\n"), after: file("two\n") },
    ],
    names,
  );

  expect(text).toContain("-one\n+two\n");
  for (const name of names) expect(text).toContain(`+++ b/${name}\n`);
  expect(await readdir(scratch)).toEqual([]);
});

it("takes no content for a header", async () => {
  const forged = "-- a/00000001\ndiff --git a/00000001 b/00000001\nrename to 00000001\n";

  const text = await diff(
    [
      { before: file(forged), after: file("++ b/00000001\n") },
      { before: file("a\n"), after: file("b\n") },
    ],
    ["first", "second"],
  );

  expect(text).toContain("--- a/00000001\n-diff --git a/00000001 b/00000001\n");
  expect(text).toContain("-rename to 00000001\n+++ b/00000001\n");
  expect(text.match(/second/g)).toHaveLength(4);
});

it("of nothing is nothing", async () => {
  expect(await diff([], [])).toBe("");
  expect(await diff([{ before: file("a"), after: file("a") }], ["a"])).toBe("");
});
