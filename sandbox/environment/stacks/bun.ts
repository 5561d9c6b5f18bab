import { join } from "node:path/posix";
import { installTool, isManager, registryEnv, versionOf, workspacesOf } from "./node-manager.ts";
import { CACHE, INSTALLED, present, type Stack } from "./stack.ts";

/** Bun. Its own package brings the program by a script; scripts of the repository's packages do not run. */
export const bun: Stack = (files, rules) => {
  if (!isManager(files, "bun")) return undefined;
  const workspaces = workspacesOf(files);
  const manifests = workspaces.map((folder) => join(folder, "package.json"));
  return {
    stack: "bun",
    program: "npm",
    files: present(files, ["package.json", "bun.lock", "bun.lockb", ...manifests]),
    fetch: [
      installTool("bun", versionOf(files, "bun") ?? "1", "--foreground-scripts"),
      "bun install --frozen-lockfile --ignore-scripts",
    ],
    build: [],
    env: {},
    setUpEnv: { ...registryEnv(rules), BUN_INSTALL_CACHE_DIR: `${CACHE}/bun` },
    path: [`${INSTALLED}/bun/bin`],
    layers: ["", ...workspaces].map((folder) => join(folder, "node_modules")),
  };
};
