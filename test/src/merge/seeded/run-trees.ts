import { execFile, execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import type { Runner, Tree } from "./seeded-project.ts";

const run = promisify(execFile);
const PATIENCE_MS = 240_000;

/** A tree with the tests that sides bring. */
export interface TestedTree {
  readonly tree: Tree;
  readonly tests: Readonly<Record<string, string>>;
}

/** The program that a runner needs and this machine does not have; undefined where it has all. */
export function missingFor(runner: Runner): string | undefined {
  if (runner === "node") return undefined;
  const program = runner === "python" ? "python3" : "rustc";
  try {
    execFileSync(program, ["--version"], { stdio: "ignore" });
    return undefined;
  } catch {
    return program;
  }
}

/** Runs the tests of all trees natively in this folder; the indexes of those that are red, and what they said. */
export async function redTrees(
  runner: Runner,
  trees: readonly TestedTree[],
  folder: string,
): Promise<ReadonlyMap<number, string>> {
  const places = trees.map((_, index) => join(folder, `t${index}`));
  await Promise.all(trees.map((tree, index) => written(runner, tree, places[index] ?? "")));
  const red = new Map<number, string>();
  if (trees.length === 0) return red;
  // All of them in one process at first: nearly always they are green.
  if ((await saidBy(runner, places)) === undefined) return red;
  for (const [index, place] of places.entries()) {
    const said = await saidBy(runner, [place]);
    if (said !== undefined) red.set(index, said);
  }
  return red;
}

/** What the tests of these places said; undefined where all are green. */
async function saidBy(runner: Runner, places: readonly string[]): Promise<string | undefined> {
  try {
    await RUN[runner](places);
    return undefined;
  } catch (error) {
    const { stdout = "", stderr = "", message } = error as Error & Record<string, string>;
    return `${stdout}\n${stderr}`.trim() || message;
  }
}

const NODE = `
import { readdirSync } from "node:fs";
import { pathToFileURL } from "node:url";
for (const place of process.argv.slice(1)) {
  for (const name of readdirSync(place + "/test")) await import(pathToFileURL(place + "/test/" + name));
}`;

// A fork each: modules of the same names must not meet.
const PYTHON = `
import os, sys, unittest
red = 0
for place in sys.argv[1:]:
    child = os.fork()
    if child == 0:
        os.chdir(place)
        sys.path.insert(0, place)
        sys.argv = ["unittest", "discover", "-s", "test", "-t", "."]
        unittest.main(module=None)
    red |= os.waitpid(child, 0)[1]
sys.exit(1 if red else 0)`;

const RUN: Readonly<Record<Runner, (places: readonly string[]) => Promise<unknown>>> = {
  node: (places) => start(process.execPath, ["--input-type=module", "-e", NODE, ...places]),
  python: (places) => start("python3", ["-B", "-c", PYTHON, ...places]),
  async rust(places) {
    const [first = ""] = places;
    const root = `${first}-${places.length}.rs`;
    const modules = places.map((place, n) => `#[path = "${place}/lib.rs"]\nmod t${n};\n`);
    await writeFile(root, `#![allow(warnings)]\n${modules.join("")}`);
    const program = `${root}.tests`;
    await start("rustc", ["--edition=2021", "--test", root, "-o", program]);
    await start(program, []);
  },
};

function start(program: string, args: readonly string[]): Promise<unknown> {
  return run(program, args, {
    timeout: PATIENCE_MS,
    env: { PATH: process.env.PATH, HOME: process.env.HOME },
  });
}

async function written(runner: Runner, { tree, tests }: TestedTree, place: string): Promise<void> {
  const files: Record<string, string> = { ...tree };
  for (const [side, body] of Object.entries(tests)) {
    const [path, text] = TEST[runner](side, body);
    files[path] = runner === "rust" ? `${files[path] ?? ""}\n${text}` : text;
  }
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(place, path)), { recursive: true });
    await writeFile(join(place, path), text);
  }
}

/** Where the test of a side stands, and its text around these statements. */
const TEST: Readonly<Record<Runner, (side: string, body: string) => readonly [string, string]>> = {
  node(side, body) {
    const head = 'import test from "node:test";\nimport assert from "node:assert/strict";\n';
    const { imports, rest } = parted(body);
    return [
      `test/${side}.mjs`,
      `${head}${imports.join("\n")}\ntest("${side}", () => {\n${rest.join("\n")}\n});\n`,
    ];
  },
  python(side, body) {
    const { imports, rest } = parted(body);
    const lines = rest.filter(Boolean).map((line) => `        ${line}`);
    const head = ["import unittest", ...imports, "class Side(unittest.TestCase):"];
    const text = [...head, "    def test_side(self):", ...lines, ""].join("\n");
    return [`test/test_${side}.py`, text];
  },
  rust: (side, body) => [
    "lib.rs",
    `#[cfg(test)]\nmod ${side}_side {\n    use super::*;\n    #[test]\n    fn side() {\n${body}    }\n}\n`,
  ],
};

function parted(body: string) {
  const isImport = (line: string) => /^(?:import|from) /.test(line);
  const lines = body.split("\n");
  return { imports: lines.filter(isImport), rest: lines.filter((line) => !isImport(line)) };
}
