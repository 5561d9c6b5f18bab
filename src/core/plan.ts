import { z } from "zod";

/** One command that must pass. Runs with `sh -c` in the root of the repository, inside the sandbox. */
export const Check = z.object({
  name: z.string().min(1).max(100),
  command: z.string().min(1).max(2000),
});
export type Check = z.infer<typeof Check>;

/** What a worker is good at; decides its prompt. */
export const Department = z.enum(["product", "frontend", "backend", "qa"]);
export type Department = z.infer<typeof Department>;

/** What one worker can finish alone. */
export const WorkItem = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
  title: z.string().min(1).max(120),
  department: Department,
  goal: z.string().min(1).max(4000),
  /** Glob patterns of the paths it may change. */
  paths: z.array(z.string().min(1).max(300)).min(1).max(50),
  /** Ids of the items whose result it builds on. */
  dependsOn: z.array(z.string()).max(20),
});
export type WorkItem = z.infer<typeof WorkItem>;

/** Work items with their order, and the checks that must pass beside the repository's own. */
export const Plan = z.object({
  summary: z.string().min(1).max(1000),
  items: z.array(WorkItem).min(1).max(20),
  checks: z.array(Check).max(10),
});
export type Plan = z.infer<typeof Plan>;
