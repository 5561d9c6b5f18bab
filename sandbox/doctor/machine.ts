import type { StatsFs } from "node:fs";
import { statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { askTool } from "../changes/host-tool.ts";
import { marks } from "../changes/opaque-folders.ts";
import { heldSessions } from "../hold.ts";
import { type Diagnosis, failing, ok } from "./diagnosis.ts";

const GB = 1024 ** 3;
const LITTLE_BYTES = 5 * GB;
const LEAST_BYTES = GB / 2;

/** Whether the disk of Nexus' folder has room. */
export async function lookAtDisk(folder: string): Promise<Diagnosis> {
  const name = "disk";
  try {
    const { bavail, bsize } = await statfsAbove(folder);
    const free = Number(bavail) * Number(bsize);
    const detail = `${(free / GB).toFixed(1)} GB free for ${folder}`;
    if (free >= LITTLE_BYTES) return ok(name, detail);
    const advice = "Free some of the disk, or give NEXUS_FOLDER another one.";
    return { level: free < LEAST_BYTES ? "problem" : "warning", name, detail, advice };
  } catch (error) {
    return failing(name, error);
  }
}

/** Whether this machine's git can do what Nexus asks of it. */
export async function lookAtGit(): Promise<Diagnosis> {
  const version = /^git version (\S+)/.exec(await said("git", "--version"))?.[1];
  const [major = 0, minor = 0] = (version ?? "").split(".").map(Number);
  const isRecent = major > 2 || (major === 2 && minor >= 38);
  if (version !== undefined && isRecent) return ok("git", version);
  return {
    level: "problem",
    name: "git",
    detail: version ?? "not found",
    advice: "Install git 2.38 or newer.",
  };
}

/** Whether the marks of an overlay can be read here; other mirrors have none. */
export async function lookAtMarks(mirror: "overlay" | "copy" | "upload"): Promise<Diagnosis[]> {
  if (mirror !== "overlay") return [];
  try {
    await marks();
    return [ok("marks", "the marks of an overlay can be read")];
  } catch (error) {
    return [failing("marks", error)];
  }
}

/** What is kept for people at this time. */
export async function lookAtHeld(layersFolder: string): Promise<Diagnosis> {
  try {
    const held = [...(await heldSessions(layersFolder, Date.now())).values()];
    if (held.length === 0) return ok("held", "nothing is held");
    const tasks = [...new Set(held.map(({ taskId }) => taskId))].join(", ");
    return ok("held", `${held.length} sessions, of the tasks ${tasks}; see nexus inspect`);
  } catch (error) {
    return failing("held", error);
  }
}

async function said(program: string, arg: string): Promise<string> {
  const input = Buffer.alloc(0);
  const { stdout } = await askTool({ program, args: [arg], cwd: "/", env: {}, input });
  return stdout.toString("utf8", 0, 200);
}

// The folder itself may not have been made yet.
async function statfsAbove(folder: string): Promise<StatsFs> {
  try {
    return await statfs(folder);
  } catch (error) {
    if (dirname(folder) === folder) throw error;
    return await statfsAbove(dirname(folder));
  }
}
