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

/** Named parts of one file. */
const PathSymbols = z.object({
  path: z.string().min(1).max(300),
  names: z.array(z.string().min(1).max(200)).min(1).max(50),
});

/** What one worker can finish alone. */
export const WorkItem = z.object({
  id: z.string().regex(/^[a-z0-9][a-z0-9-]{0,39}$/),
  title: z.string().min(1).max(120),
  department: Department,
  goal: z.string().min(1).max(4000),
  /** Glob patterns of the paths it may change. */
  paths: z.array(z.string().min(1).max(300)).min(1).max(50),
  /** Glob patterns of the paths that it should know; it may read everything. */
  reads: z.array(z.string().min(1).max(300)).max(50).optional(),
  /** The functions, classes or sections that are its own in files that another item changes at the same time. */
  symbols: z.array(PathSymbols).max(20).optional(),
  /** What proves this item alone: it fails before the work or says nothing then, and passes afterwards. */
  acceptance: Check.optional(),
  /** How much work it is; for people, and for what is started first. */
  estimate: z.enum(["small", "medium", "large"]).optional(),
  /** Ids of the items whose result it builds on. */
  dependsOn: z.array(z.string()).max(20),
});
export type WorkItem = z.infer<typeof WorkItem>;

/** Work items with their order, and the checks that must pass beside the repository's own. */
export const Plan = z.object({
  summary: z.string().min(1).max(1000),
  items: z.array(WorkItem).min(1).max(20),
  checks: z.array(Check).max(10),
  /** What could go wrong, for the reviewer. */
  risks: z.array(z.string().min(1).max(500)).max(10).optional(),
  /** What only a person can decide. With any, nobody starts to work before they are answered. */
  questions: z.array(z.string().min(1).max(500)).max(5).optional(),
});
export type Plan = z.infer<typeof Plan>;
