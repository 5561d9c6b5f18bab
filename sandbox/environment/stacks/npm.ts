import { join } from "node:path/posix";
import { readLockfile } from "../lockfile.ts";
import { isManager, npmrcOf, registryEnv } from "./node-manager.ts";
import { CACHE, present, type Stack } from "./stack.ts";

const FLAGS = `--no-audit --no-fund --no-update-notifier --no-progress --cache=${CACHE}/npm`;

/** npm: packages without their scripts, then, without a network, the scripts of those that have any. */
export const npm: Stack = (files, rules) => {
  if (!isManager(files, "npm")) return undefined;
  const name = files.has("npm-shrinkwrap.json") ? "npm-shrinkwrap.json" : "package-lock.json";
  const locked = readLockfile(files.text(name) ?? "", { file: name, registry: rules.npmRegistry });
  const manifests = locked.workspaces.map((folder) => join(folder, "package.json"));
  return {
    stack: "npm",
    program: "npm",
    files: new Map([...present(files, ["package.json", name, ...manifests]), ...npmrcOf(files)]),
    fetch: [`npm ci --ignore-scripts ${FLAGS}`],
    build: locked.scripts.map(({ spec, optional }) => {
      const rebuild = `npm rebuild --foreground-scripts ${FLAGS} '${spec}'`;
      return optional ? `${rebuild} || true` : rebuild;
    }),
    env: {},
    setUpEnv: registryEnv(rules),
    path: [],
    layers: ["", ...locked.workspaces].map((folder) => join(folder, "node_modules")),
  };
};
