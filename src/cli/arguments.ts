import { parseArgs } from "node:util";
import type { FollowWish } from "./follow/follow-task.ts";
import { type MergeWish, mergeWish } from "./merge/merge-wish.ts";
import { nearest } from "./nearest.ts";

/** What somebody asked the command line for. */
export type Command =
  | { readonly kind: "help"; readonly topic: string | undefined }
  | { readonly kind: "doctor" | "models"; readonly json: boolean }
  | { readonly kind: "models-login"; readonly provider: "gemini" }
  | {
      readonly kind: "show";
      /** Undefined for the newest tasks. */
      readonly taskId: string | undefined;
      readonly json: boolean;
    }
  | { readonly kind: "replay"; readonly taskId: string }
  | MergeWish
  | FollowWish
  | {
      readonly kind: "inspect";
      readonly show: (typeof SHOWS)[number] | "sessions" | "summary";
      readonly taskId: string;
      readonly session: number | undefined;
      readonly path: string;
      /** For the shell: a command instead. */
      readonly command: readonly string[];
    };

/** One line that says why it cannot be understood. */
export interface Misunderstood {
  readonly kind: "misunderstood";
  readonly why: string;
}

/** All commands there are. */
export const COMMANDS = [
  "show",
  "replay",
  "inspect",
  "doctor",
  "models",
  "follow",
  "merge",
  "help",
] as const;
const SHOWS = ["list", "read", "diff", "shell", "release"] as const;

const TASK = /^[A-Za-z0-9-]{1,100}$/;
const SESSION = /^[1-9]\d{0,5}$/;

/** Reads the words after `nexus`. */
export function parseArguments(args: readonly string[]): Command | Misunderstood {
  const [name, ...rest] = args;
  if (name === undefined || name === "-h" || name === "--help")
    return { kind: "help", topic: undefined };
  if (rest.some((arg) => arg === "-h" || arg === "--help") && !beforeEnd(rest).includes("--"))
    return helpFor(name);
  switch (name) {
    case "help":
      return rest.length > 1 ? misunderstood("help takes one command") : helpFor(rest[0]);
    case "models":
      return rest[0] === "login" ? login(rest.slice(1)) : withJson(name, rest);
    case "doctor":
      return withJson(name, rest);
    case "show":
      return attempt(() => show(rest));
    case "replay":
      return attempt(() => replay(rest));
    case "inspect":
      return inspect(rest);
    case "follow":
      return follow(rest);
    case "merge":
      return attempt(() => mergeWish(rest));
    default:
      return unknown(name);
  }
}

/** The words up to the first request for help. */
function beforeEnd(args: readonly string[]): readonly string[] {
  const at = args.findIndex((arg) => arg === "-h" || arg === "--help");
  return at === -1 ? args : args.slice(0, at);
}

function helpFor(topic: string | undefined): Command | Misunderstood {
  if (topic === undefined) return { kind: "help", topic };
  return COMMANDS.some((name) => name === topic) ? { kind: "help", topic } : unknown(topic);
}

function withJson(kind: "doctor" | "models", args: readonly string[]): Command | Misunderstood {
  return attempt(() => {
    const { values } = parseArgs({ args: [...args], options: { json: { type: "boolean" } } });
    return { kind, json: values.json ?? false };
  });
}

function login([provider, surplus]: readonly string[]): Command | Misunderstood {
  if (provider === undefined) return misunderstood("name the provider: nexus models login gemini");
  if (surplus !== undefined) return misunderstood(`${quoted(surplus)} is one word too many`);
  return provider === "gemini"
    ? { kind: "models-login", provider }
    : misunderstood(`nobody signs in at ${quoted(provider)} here; only gemini has a login`);
}

function follow(args: readonly string[]): Command | Misunderstood {
  return attempt(() => {
    const options = { json: { type: "boolean" } } as const;
    const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
    const [taskId, second] = positionals;
    if (taskId === undefined) return misunderstood("name the task: nexus follow TASK");
    if (second !== undefined) return misunderstood(`${quoted(second)} is one word too many`);
    if (!TASK.test(taskId)) return misunderstood(`${quoted(taskId)} is no id of a task`);
    return { kind: "follow", taskId, json: values.json ?? false };
  });
}

function show(args: readonly string[]): Command | Misunderstood {
  const options = { json: { type: "boolean" } } as const;
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
  const [taskId] = positionals;
  const why = wrongTask(positionals);
  return why === undefined
    ? { kind: "show", taskId, json: values.json ?? false }
    : misunderstood(why);
}

function replay(args: readonly string[]): Command | Misunderstood {
  const { positionals } = parseArgs({ args: [...args], allowPositionals: true, options: {} });
  const [taskId] = positionals;
  if (taskId === undefined) return misunderstood("name the task: nexus replay TASK");
  const why = wrongTask(positionals);
  return why === undefined ? { kind: "replay", taskId } : misunderstood(why);
}

function wrongTask([taskId, surplus]: readonly string[]): string | undefined {
  if (taskId !== undefined && !TASK.test(taskId)) return `${quoted(taskId)} is no id of a task`;
  return surplus === undefined ? undefined : `${quoted(surplus)} is one word too many`;
}

function inspect(args: readonly string[]): Command | Misunderstood {
  return attempt(() => {
    const flag = { type: "boolean" } as const;
    const { values, positionals, tokens } = parseArgs({
      args: [...args],
      allowPositionals: true,
      tokens: true,
      options: {
        list: flag,
        read: flag,
        diff: flag,
        shell: flag,
        release: flag,
        session: { type: "string" },
      },
    });
    const end = tokens.find(({ kind }) => kind === "option-terminator")?.index ?? args.length;
    const count = tokens.filter(({ kind, index }) => kind === "positional" && index > end).length;
    const shows = SHOWS.filter((show) => values[show]);
    const given = { shows, session: values.session, positionals, afterEnd: count };
    return inspectCommand(given);
  });
}

interface Given {
  readonly shows: readonly (typeof SHOWS)[number][];
  readonly session: string | undefined;
  readonly positionals: readonly string[];
  /** How many of them stand after `--`. */
  readonly afterEnd: number;
}

function inspectCommand(given: Given): Command | Misunderstood {
  const { shows, session, positionals, afterEnd } = given;
  const [show, second] = shows;
  const isShell = show === "shell";
  const command = isShell && afterEnd > 0 ? positionals.slice(-afterEnd) : [];
  const words = positionals.slice(0, positionals.length - command.length);
  const [taskId, path, ...more] = words;
  const why = problemOf({ show, second, taskId, path, more, session });
  if (why !== undefined) return misunderstood(why);
  return {
    kind: "inspect",
    show: show ?? (taskId === undefined ? "sessions" : "summary"),
    taskId: taskId ?? "",
    session: session === undefined ? undefined : Number(session),
    path: path ?? "",
    command,
  };
}

interface Words {
  readonly show: (typeof SHOWS)[number] | undefined;
  readonly second: string | undefined;
  readonly taskId: string | undefined;
  readonly path: string | undefined;
  readonly more: readonly string[];
  readonly session: string | undefined;
}

const WITH_PATH: readonly (string | undefined)[] = ["list", "read", "diff"];

function problemOf(words: Words): string | undefined {
  const { show, second, taskId, path, more, session } = words;
  if (second !== undefined) return `--${show} and --${second} cannot be asked for at once`;
  if (taskId === undefined && (show !== undefined || session !== undefined))
    return "name the task: nexus inspect TASK; without it, all sessions are listed";
  if (taskId !== undefined && !TASK.test(taskId)) return `${quoted(taskId)} is no id of a task`;
  if (session !== undefined && !SESSION.test(session))
    return `--session takes the number of a session, not ${quoted(session)}`;
  if (show === "read" && path === undefined) return "--read needs the PATH of a file";
  const surplus = WITH_PATH.includes(show) ? more[0] : path;
  return surplus === undefined ? undefined : `${quoted(surplus)} is one word too many`;
}

function attempt(parse: () => Command | Misunderstood): Command | Misunderstood {
  try {
    return parse();
  } catch (error) {
    // Its first sentence names the word; the rest is about quoting.
    const message = error instanceof Error ? error.message : String(error);
    return misunderstood(message.split(/\. |\n/)[0] ?? message);
  }
}

function unknown(name: string): Misunderstood {
  const near = nearest(name, COMMANDS);
  const advice = near === undefined ? "nexus help lists the commands" : `did you mean ${near}?`;
  return misunderstood(`there is no command ${quoted(name)}; ${advice}`);
}

function misunderstood(why: string): Misunderstood {
  return { kind: "misunderstood", why };
}

/** On one line, and nothing in it acts. */
function quoted(word: string): string {
  return JSON.stringify(word.slice(0, 60)).replace(/[^ -~]/g, "?");
}
