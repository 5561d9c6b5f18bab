import { join } from "node:path/posix";
import { CACHE, INSTALLED, MOST_MEMBERS, present, type Stack, type TreeFiles } from "./stack.ts";

/** Go: the modules that go.mod and go.work name. Fetching runs no code. */
export const go: Stack = (files) => {
  const members = files.has("go.work") ? membersOf(files) : [""];
  const modules = members.filter((folder) => files.has(join(folder, "go.mod")));
  // Who commits the modules means those.
  const needed = modules.filter(
    (folder) =>
      /^[ \t]*(?:require\b|(?=[^\s.]*\.)[^\s()]+ v\d)/m.test(
        files.text(join(folder, "go.mod")) ?? "",
      ) && !files.has(join(folder, "vendor/modules.txt")),
  );
  if (needed.length === 0) return undefined;
  const manifests = members.flatMap((folder) => [join(folder, "go.mod"), join(folder, "go.sum")]);
  return {
    stack: "go",
    program: "go",
    files: present(files, [...manifests, "go.work", "go.work.sum"]),
    fetch: needed.map((folder) =>
      folder === "" ? "go mod download" : `cd '${folder}' && go mod download`,
    ),
    build: [],
    env: { GOMODCACHE: `${INSTALLED}/go/mod`, GOTOOLCHAIN: "local" },
    setUpEnv: { GOCACHE: `${CACHE}/go`, GOPATH: `${CACHE}/gopath`, GOFLAGS: "-modcacherw" },
    runEnv: { GOPROXY: "off", GOFLAGS: "-modcacherw" },
    path: [],
    layers: [],
  };
};

function membersOf(files: TreeFiles): string[] {
  const text = files.text("go.work") ?? "";
  const blocks = [...text.matchAll(/^use[ \t]*(?:\(([^()]*)\)|([^\s()]+))/gm)];
  const named = blocks.flatMap(([, block, one]) => (block ?? one ?? "").split(/\s+/));
  const folders = named.map((name) => name.replace(/^\.\/?/, "").replace(/\/$/, ""));
  const inside = folders.filter((folder) => /^[\w./-]*$/.test(folder) && !folder.includes(".."));
  return [...new Set(inside)].slice(0, MOST_MEMBERS);
}
