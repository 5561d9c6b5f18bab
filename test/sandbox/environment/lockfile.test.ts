import { describe, expect, it } from "vitest";
import { readLockfile } from "../../../sandbox/environment/lockfile.ts";

const PUBLIC = "https://registry.npmjs.org/a/-/a-1.0.0.tgz";
const OPERATOR = "https://packages.example.org/npm";
const file = "package-lock.json";
const at = { file, registry: OPERATOR };
const withoutOperator = { file, registry: undefined };

function lockfile(entry: Record<string, unknown>, path = "node_modules/a"): string {
  return JSON.stringify({ lockfileVersion: 3, packages: { "": { name: "x" }, [path]: entry } });
}

describe("a lockfile", () => {
  it.each([
    ["a package of the public registry", { version: "1.0.0", resolved: PUBLIC }],
    ["a package of the operator's registry", { version: "1.0.0", resolved: `${OPERATOR}/a.tgz` }],
    ["a package without an address", { version: "1.0.0-beta.1+x" }],
    ["a package that comes inside another", { version: "1.0.0", inBundle: true }],
    ["a link to a workspace", { resolved: "packages/a", link: true }],
  ])("may hold %s", (_what, entry) => {
    expect(readLockfile(lockfile(entry), at)).toEqual({ workspaces: [], scripts: [] });
  });

  it("names the workspaces", () => {
    expect(readLockfile(lockfile({ version: "1.0.0" }, "packages/a"), withoutOperator)).toEqual({
      workspaces: ["packages/a"],
      scripts: [],
    });
  });

  it("names the packages with scripts, each once, and those that npm can do without", () => {
    const text = JSON.stringify({
      lockfileVersion: 3,
      packages: {
        "": { name: "x", hasInstallScript: true },
        "packages/own": { version: "1.0.0", hasInstallScript: true },
        "node_modules/@s/built": { version: "1.0.0", hasInstallScript: true },
        "node_modules/b/node_modules/@s/built": { version: "1.0.0", hasInstallScript: true },
        "node_modules/alias": { name: "real", version: "2.0.0-rc.1", hasInstallScript: true },
        "node_modules/fast": { version: "1.0.0", hasInstallScript: true, optional: true },
        "node_modules/plain": { version: "1.0.0" },
      },
    });

    expect(readLockfile(text, at).scripts).toEqual([
      { spec: "@s/built@1.0.0", optional: false },
      { spec: "real@2.0.0-rc.1", optional: false },
      { spec: "fast@1.0.0", optional: true },
    ]);
  });

  it.each(["a'b", "$(id)", "a;b", "-g", "a b"])(
    "may not want a script of a package named %j",
    (name) => {
      const entry = { name, version: "1.0.0", hasInstallScript: true };

      expect(() => readLockfile(lockfile(entry), at)).toThrow(
        expect.objectContaining({ code: "sandbox.setup-failed" }),
      );
    },
  );

  it.each([
    ["another host", { version: "1.0.0", resolved: "https://evil.example/a.tgz" }],
    [
      "a host that begins like the registry",
      { resolved: "https://registry.npmjs.org.evil.example/a" },
    ],
    ["a user in the address", { resolved: "https://registry.npmjs.org@evil.example/a" }],
    ["a name and password", { resolved: "https://u:p@registry.npmjs.org/a" }],
    ["the registry without encryption", { resolved: "http://registry.npmjs.org/a/-/a.tgz" }],
    ["git", { version: "1.0.0", resolved: "git+ssh://git@github.com/a/a.git#abc" }],
    ["a file", { version: "1.0.0", resolved: "file:../a.tgz" }],
    ["a version that is an address", { version: "git+https://github.com/a/a.git" }],
    ["a version that is a file", { version: "file:../a" }],
    ["a link out of the repository", { resolved: "../a", link: true }],
    ["a link by an absolute path", { resolved: "/etc", link: true }],
    ["neither address nor version", {}],
  ])("may not name %s", (_what, entry) => {
    expect(() => readLockfile(lockfile(entry), at)).toThrow(
      expect.objectContaining({ code: "sandbox.setup-failed" }),
    );
  });

  it.each(["../a/node_modules/b", "/node_modules/b", "a/../../b", "a/.git", "a:b"])(
    "may not place a package at %s",
    (path) => {
      expect(() => readLockfile(lockfile({ version: "1.0.0" }, path), withoutOperator)).toThrow(
        expect.objectContaining({ code: "sandbox.setup-failed" }),
      );
    },
  );

  it.each([
    ["no JSON", "{"],
    ["of another shape", "[]"],
    ["of npm 6", '{"lockfileVersion":1,"dependencies":{}}'],
  ])("may not be %s", (_what, text) => {
    expect(() => readLockfile(text, withoutOperator)).toThrow(
      expect.objectContaining({ code: "sandbox.setup-failed" }),
    );
  });
});
