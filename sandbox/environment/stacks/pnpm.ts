import { join } from "node:path/posix";
import { installTool, isManager, npmrcOf, registryEnv, versionOf } from "./node-manager.ts";
import { CACHE, INSTALLED, MOST_MEMBERS, present, type Stack, type TreeFiles } from "./stack.ts";

const FLAGS = `--store-dir=${CACHE}/pnpm --config.confirmModulesPurge=false`;

/** pnpm, in the version that the repository names or that wrote its lockfile. Scripts run for the packages it lists as built. */
export const pnpm: Stack = (files, rules) => {
  if (!isManager(files, "pnpm")) return undefined;
  const importers = importersOf(files);
  const manifests = importers.map((folder) => join(folder, "package.json"));
  return {
    stack: "pnpm",
    program: "npm",
    files: new Map([
      ...present(files, ["package.json", "pnpm-lock.yaml", "pnpm-workspace.yaml", ...manifests]),
      ...npmrcOf(files),
    ]),
    fetch: [
      installTool("pnpm", versionOf(files, "pnpm") ?? likelyVersion(files)),
      `pnpm install --frozen-lockfile --ignore-scripts ${FLAGS}`,
    ],
    build: [`pnpm rebuild --recursive ${FLAGS}`],
    env: { COREPACK_ENABLE_STRICT: "0", npm_config_manage_package_manager_versions: "false" },
    setUpEnv: registryEnv(rules),
    path: [`${INSTALLED}/pnpm/bin`],
    layers: ["", ...importers].map((folder) => join(folder, "node_modules")),
  };
};

/** The packages of the repository that the lockfile knows, without the root. */
function importersOf(files: TreeFiles): string[] {
  const text = files.text("pnpm-lock.yaml") ?? "";
  const section = /^importers:\n((?:(?: .*)?\n)*)/m.exec(text)?.[1] ?? "";
  const names = [...section.matchAll(/^ {2}(['"]?)([\w@.][^'":\n]*)\1:/gm)].map(
    ([, , name]) => name ?? "",
  );
  const inside = names.filter((name) => name !== "." && !name.split("/").includes(".."));
  return inside.slice(0, MOST_MEMBERS);
}

function likelyVersion(files: TreeFiles): string {
  const lockfile = /^lockfileVersion: '?(\d+)/m.exec(files.text("pnpm-lock.yaml") ?? "")?.[1];
  return ({ "5": "7", "6": "8" } as Record<string, string>)[lockfile ?? ""] ?? "10";
}
