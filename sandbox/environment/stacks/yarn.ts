import { join } from "node:path/posix";
import { installTool, isManager, registryEnv, versionOf, workspacesOf } from "./node-manager.ts";
import {
  CACHE,
  INSTALLED,
  present,
  type Stack,
  type StackPlan,
  type StackRules,
  type TreeFiles,
} from "./stack.ts";

// Plugins, programs and addresses of the repository's own are left out.
const HARMLESS =
  /^(?:nodeLinker|nmMode|nmHoistingLimits|compressionLevel|pnpMode|pnpFallbackMode): *['"]?[\w-]+['"]? *$/;

/** Yarn, classic or modern as the lockfile says. */
export const yarn: Stack = (files, rules) => {
  if (!isManager(files, "yarn")) return undefined;
  const isModern = /^__metadata:/m.test(files.text("yarn.lock") ?? "");
  return isModern ? modern(files, rules) : classic(files, rules);
};

function classic(files: TreeFiles, rules: StackRules): StackPlan {
  const version = versionOf(files, "yarn");
  const flags = `--non-interactive --ignore-engines --cache-folder ${CACHE}/yarn`;
  return {
    ...common(files),
    fetch: [
      installTool("yarn", version?.startsWith("1.") ? version : "1"),
      `yarn install --frozen-lockfile --ignore-scripts ${flags}`,
    ],
    build: ["npm rebuild --foreground-scripts --cache=/tmp/npm"],
    env: {},
    setUpEnv: registryEnv(rules),
  };
}

function modern(files: TreeFiles, rules: StackRules): StackPlan {
  const named = versionOf(files, "yarn");
  const version = named === undefined || named.startsWith("1.") ? "4" : named;
  const lines = (files.text(".yarnrc.yml") ?? "").split("\n").filter((line) => HARMLESS.test(line));
  const plan = common(files);
  return {
    ...plan,
    files: new Map([
      ...plan.files,
      [".yarnrc.yml", Buffer.from(lines.map((line) => `${line}\n`).join(""))],
    ]),
    fetch: [
      installTool("@yarnpkg/cli-dist", version),
      "yarn install --immutable --mode=skip-build",
    ],
    build: ["YARN_ENABLE_SCRIPTS=true YARN_ENABLE_NETWORK=false yarn rebuild"],
    env: {
      YARN_IGNORE_PATH: "1",
      YARN_ENABLE_TELEMETRY: "0",
      YARN_ENABLE_GLOBAL_CACHE: "true",
      YARN_GLOBAL_FOLDER: `${INSTALLED}/yarn`,
    },
    setUpEnv: { ...registryEnv(rules), YARN_ENABLE_SCRIPTS: "false" },
    runEnv: { YARN_ENABLE_NETWORK: "false" },
    path: [`${INSTALLED}/cli-dist/bin`],
    layers: [...plan.layers, ".pnp.cjs", ".pnp.loader.mjs", ".yarn/install-state.gz"],
  };
}

function common(files: TreeFiles): StackPlan {
  const workspaces = workspacesOf(files);
  const manifests = workspaces.map((folder) => join(folder, "package.json"));
  return {
    stack: "yarn",
    program: "npm",
    files: present(files, ["package.json", "yarn.lock", ...manifests]),
    fetch: [],
    build: [],
    env: {},
    path: [`${INSTALLED}/yarn/bin`],
    layers: ["", ...workspaces].map((folder) => join(folder, "node_modules")),
  };
}
