import { join, normalize } from "node:path/posix";
import {
  INSTALLED,
  MOST_LOOKS,
  MOST_MEMBERS,
  MOST_PATTERNS,
  present,
  type Stack,
  type TreeFiles,
} from "./stack.ts";

const TARGETS = ["src/bin", "tests", "examples", "benches"];

/** Rust: the crates that Cargo.lock names. Their build scripts run with the checks, without a network. */
export const rust: Stack = (files) => {
  const lock = files.text("Cargo.lock");
  // Crates of the repository itself have no source.
  if (!files.has("Cargo.toml") || lock === undefined || !/^source = /m.test(lock)) return undefined;
  const members = ["", ...membersOf(files)];
  const manifests = members.map((folder) => join(folder, "Cargo.toml"));
  return {
    stack: "rust",
    program: "cargo",
    files: present(files, ["Cargo.lock", ...manifests]),
    stubs: members.flatMap((folder) => stubsOf(files, folder)),
    fetch: ["cargo fetch --locked"],
    build: [],
    env: { CARGO_HOME: `${INSTALLED}/cargo` },
    runEnv: { CARGO_NET_OFFLINE: "true" },
    path: [],
    layers: [],
  };
};

function membersOf(files: TreeFiles): string[] {
  const text = files.text("Cargo.toml") ?? "";
  const list = /^members[ \t]*=\s*\[([^[\]]*)\]/m.exec(text)?.[1] ?? "";
  const named = [...list.matchAll(/["']([\w./*-]+)["']/g)].map(([, name]) =>
    normalize(name ?? "").replace(/\/$/, ""),
  );
  const patterns = [...new Set(named)].filter(isInside).slice(0, MOST_PATTERNS);
  const folders = patterns.flatMap((pattern) => {
    if (!pattern.endsWith("/*")) return [pattern];
    const folder = pattern.slice(0, -2);
    return files.names(folder).map((name) => `${folder}/${name}`);
  });
  // Who is no crate needs no files that Cargo insists on.
  const crates = [...new Set(folders)].slice(0, MOST_LOOKS);
  return crates.filter((folder) => files.has(`${folder}/Cargo.toml`)).slice(0, MOST_MEMBERS);
}

function isInside(path: string): boolean {
  return path !== "." && !path.startsWith("/") && !path.split("/").includes("..");
}

/** Cargo reads no manifest whose targets have no files. */
function stubsOf(files: TreeFiles, folder: string): string[] {
  const targets = TARGETS.flatMap((kind) => {
    const names = files.names(join(folder, kind)).filter((name) => /^[\w.-]+\.rs$/.test(name));
    return names.map((name) => join(folder, kind, name));
  });
  return [join(folder, "src/lib.rs"), join(folder, "src/main.rs"), ...targets];
}
