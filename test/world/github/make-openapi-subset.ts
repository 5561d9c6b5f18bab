import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OPERATIONS } from "./operations.ts";

/**
 * Writes openapi-subset.json: GitHub's description of the operations the emulator serves and
 * whatever they refer to, without prose. Run by hand when OPERATIONS changes:
 * `node test/world/github/make-openapi-subset.ts`
 */
const PACKAGE = "@octokit/openapi@23.0.2";
const PROSE = new Set(["description", "summary", "externalDocs", "tags", "x-github"]);
const EXAMPLES = new Set(["example", "examples"]);

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json => typeof value === "object" && value !== null;

/** Drops prose and examples, but never a property that merely has such a name. */
function bare(value: unknown, parent = ""): unknown {
  if (Array.isArray(value)) return value.map((entry) => bare(entry));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(
    ([key]) => parent === "properties" || !(PROSE.has(key) || EXAMPLES.has(key)),
  );
  return Object.fromEntries(kept.map(([key, inner]) => [key, bare(inner, key)]));
}

function references(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(references);
  if (!isObject(value)) return [];
  const own = typeof value.$ref === "string" ? [value.$ref] : [];
  return [...own, ...Object.values(value).flatMap(references)];
}

function at(document: Json, pointer: string): unknown {
  return pointer
    .slice(2)
    .split("/")
    .reduce<unknown>((node, key) => (isObject(node) ? node[key] : undefined), document);
}

function put(target: Json, pointer: string, value: unknown): void {
  const keys = pointer.slice(2).split("/");
  const last = keys.pop() ?? "";
  let node = target;
  for (const key of keys) {
    const next = node[key];
    node[key] = isObject(next) ? next : {};
    node = node[key] as Json;
  }
  node[last] = value;
}

/** The operations and the closure of what they refer to. */
function subset(document: Json, notice: string): Json {
  const result: Json = {
    openapi: document.openapi,
    info: document.info,
    "x-source": PACKAGE,
    "x-notice": notice,
    paths: {},
  };
  const waiting: string[] = [];
  for (const operation of OPERATIONS) {
    const [method = "", path = ""] = operation.split(" ");
    const found = (document.paths as Record<string, Json>)[path]?.[method.toLowerCase()];
    if (found === undefined) throw new Error(`GitHub's description has no ${operation}.`);
    const kept = bare(found);
    const paths = result.paths as Record<string, Json>;
    paths[path] = { ...paths[path], [method.toLowerCase()]: kept };
    waiting.push(...references(kept));
  }
  const done = new Set<string>();
  for (let pointer = waiting.pop(); pointer !== undefined; pointer = waiting.pop()) {
    if (done.has(pointer)) continue;
    done.add(pointer);
    const kept = bare(at(document, pointer));
    put(result, pointer, kept);
    waiting.push(...references(kept));
  }
  return result;
}

const folder = mkdtempSync(join(tmpdir(), "openapi-"));
try {
  writeFileSync(join(folder, "package.json"), '{"private":true}');
  execFileSync("npm", ["install", "--ignore-scripts", PACKAGE], { cwd: folder, stdio: "inherit" });
  const source = join(folder, "node_modules/@octokit/openapi");
  const document = JSON.parse(
    readFileSync(join(source, "generated/api.github.com.json"), "utf8"),
  ) as Json;
  const text = JSON.stringify(
    subset(document, readFileSync(join(source, "LICENSE"), "utf8")),
    null,
    1,
  );
  writeFileSync(new URL("openapi-subset.json", import.meta.url), `${text}\n`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
