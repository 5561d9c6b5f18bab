// Who may import whom. Each ring looks inwards, never outwards, never sideways.
const CORE = "^src/core/";
const FEATURE = "^src/(triggers|conversation|context|swarm|healing|merge)/";
const ADAPTER =
  "^(src/(?:github|git|models|store|servers|cli|vectors|mcp|notify|dashboard|syntax)|sandbox|jobs)/";
const MAIN = "((^|/)main\\.ts|^src/start\\.ts)$";

const home = (name, library, ...homes) => ({
  name: `${name}-has-one-home`,
  severity: "error",
  from: { pathNot: ["^test/", ...homes] },
  to: { path: `(^|node_modules/)${library}`, dependencyTypesNot: ["type-only"] },
});

module.exports = {
  forbidden: [
    { name: "no-cycles", severity: "error", from: {}, to: { circular: true } },
    {
      name: "core-imports-only-core",
      severity: "error",
      from: { path: CORE },
      to: { pathNot: [CORE, "node_modules/zod/"] },
    },
    {
      name: "features-are-strangers",
      severity: "error",
      from: { path: FEATURE },
      to: { path: "^src/", pathNot: [CORE, "^src/$1/"] },
    },
    {
      name: "inside-does-not-know-outside",
      severity: "error",
      from: { path: [FEATURE, "^src/pipeline/", "^src/app\\.ts$"] },
      to: { path: ADAPTER },
    },
    {
      name: "adapters-are-strangers",
      severity: "error",
      from: { path: ADAPTER, pathNot: MAIN },
      to: { path: ADAPTER, pathNot: "^$1/" },
    },
    {
      name: "nobody-imports-main",
      severity: "error",
      // It starts the command line where Node.js would not read it.
      from: { pathNot: "^src/cli/as-package\\.mjs$" },
      to: { path: MAIN },
    },
    {
      name: "product-does-not-know-tests",
      severity: "error",
      from: { pathNot: "^test/" },
      to: { path: "^test/" },
    },
    home("bullmq", "bullmq/", "^jobs/"),
    home("probot", "probot/", "^src/main\\.ts$", "^src/app\\.ts$", "^src/github/"),
    home("octokit", "@octokit/(rest|auth-app)/", "^src/github/"),
    home("openai", "openai/", "^src/models/"),
    home("dockerode", "dockerode/", "^sandbox/"),
    home("koffi", "koffi/", "^sandbox/"),
    home("postgres", "(pg|kysely)/", "^src/store/"),
    home("simple-git", "simple-git/", "^src/git/"),
    home("web-tree-sitter", "web-tree-sitter/", "^src/syntax/"),
    home("tree-sitter-grammars", "(@tree-sitter-grammars/)?tree-sitter-", "^src/syntax/"),
    home("mdast-util-from-markdown", "mdast-util-from-markdown/", "^src/syntax/"),
    home("langgraph", "@langchain/langgraph", "^src/pipeline/", "^src/store/"),
    home(
      "processes",
      "child_process$",
      "^sandbox/",
      "^src/git/",
      "^src/servers/",
      "^docker/",
      // A vendor whose API is a program on this machine. Nothing of a repository runs there.
      "^src/models/claude-code/",
    ),
  ],
  options: {
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    doNotFollow: { path: "node_modules" },
  },
};
