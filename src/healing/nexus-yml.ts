import { type Document, isAlias, isNode, isScalar, parseDocument, visit } from "yaml";
import { z } from "zod";
import { type Caps, lowerCaps } from "../core/budget.ts";
import { parseDollars } from "../core/dollars.ts";
import { Check } from "../core/plan.ts";
import type { EnvironmentWish } from "../core/sandbox.ts";
import { visible } from "../core/untrusted.ts";
import { IMAGE_NAME, LONGEST_IMAGE_NAME } from "./image-name.ts";

const FILE = ".github/nexus.yml";
const LONGEST = 16_384;
/** Documents, maps and pairs on the way to a check's name are seven. */
const DEEPEST = 10;
const MOST_PROBLEMS = 5;

const NamedCheck = z.strictObject({
  name: Check.shape.name.refine(isOneVisibleLine, "must be one line of visible characters"),
  command: Check.shape.command.refine(isVisible, "holds characters that cannot be seen"),
});

const SetUpCommand = z
  .string()
  .max(4_000)
  .refine((text) => text.trim() !== "", "must not be empty")
  .refine(isVisible, "holds characters that cannot be seen");

/** A host name, or `*.` before one for all below it. */
const HOST =
  /^(?:\*\.(?=[^.]+\.))?(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

/** Dollars, with or without quotes, in millionths of one. */
const Amount = z.union([z.string(), z.number()]).transform((value, context) => {
  const micros = parseDollars(String(value));
  if (micros !== undefined) return micros;
  context.addIssue({ code: "custom", message: "must be dollars above 0, such as 2.50" });
  return z.NEVER;
});

const Policy = z.strictObject({
  image: z
    .string()
    .max(LONGEST_IMAGE_NAME)
    .regex(IMAGE_NAME, "must be the name of an image, such as python:3.12-slim")
    .optional(),
  setup: z.preprocess(
    (value) => (typeof value === "string" ? [value] : value),
    z.array(SetUpCommand).max(20).optional(),
  ),
  network: z
    .array(z.string().max(253).regex(HOST, "must be a host name, such as *.example.org"))
    .max(50)
    .refine((hosts) => new Set(hosts).size === hosts.length, "names a host twice")
    .optional(),
  commands: z
    .strictObject({
      deny: z
        .array(
          z
            .string()
            .regex(
              /^[\w./@:+-]{1,100}(?: [\w./@:+=-]{1,100}){0,5}$/,
              "must be a program, or a program with its first words, such as npm install",
            ),
        )
        .max(50),
    })
    .optional(),
  budget: z.strictObject({ task: Amount.optional(), day: Amount.optional() }).optional(),
  checks: z
    .array(NamedCheck)
    .min(1)
    .max(20)
    .refine(haveOwnNames, "two checks have the same name")
    .optional(),
});

interface Named {
  /** Undefined where the file names none. */
  readonly checks: readonly Check[] | undefined;
  /** What it says of the place where commands run. */
  readonly environment: EnvironmentWish;
  /** Programs, or programs with their first words, that agents may not run. */
  readonly deny: readonly string[];
  /** The most that models may cost here; the operator's own caps stay. */
  readonly budget: Caps;
  readonly problems: readonly string[];
}

/** Reads the repository's policy. Every mistake is a problem with its place; a file with one names nothing. */
export function readNexusYml(text: string | undefined): Named {
  if (text === undefined || text.trim() === "") return named([]);
  const parsed = parsePolicy(text);
  if (parsed.problems.length > 0) return named(parsed.problems);
  const policy = Policy.safeParse(parsed.value ?? {});
  if (!policy.success) return named(policy.error.issues.flatMap(told).slice(0, MOST_PROBLEMS));
  const { checks, image, setup, network, commands, budget } = policy.data;
  const environment = {
    ...(image !== undefined && { image }),
    ...(setup !== undefined && { setup }),
    ...(network !== undefined && { network }),
  };
  return {
    checks,
    environment,
    deny: commands?.deny ?? [],
    budget: lowerCaps({}, { task: budget?.task, "repository-day": budget?.day }),
    problems: [],
  };
}

function named(problems: readonly string[]): Named {
  return { checks: undefined, environment: {}, deny: [], budget: {}, problems };
}

function parsePolicy(text: string): { value?: unknown; problems: readonly string[] } {
  if (text.length > LONGEST) return { problems: [`${FILE} is longer than ${LONGEST} characters`] };
  try {
    const document = parseDocument(text, { version: "1.2", uniqueKeys: true, logLevel: "error" });
    const mistakes = [...document.errors, ...document.warnings].map(firstLine);
    if (mistakes.length > 0) return { problems: mistakes.slice(0, MOST_PROBLEMS) };
    const excess = excessOf(document);
    if (excess) return { problems: [`${FILE}: ${excess}`] };
    return { value: document.toJS({ maxAliasCount: 0 }), problems: [] };
  } catch {
    // Nesting deeper than the parser's stack ends here.
    return { problems: [`${FILE} cannot be read as YAML`] };
  }
}

function firstLine({ message }: Error): string {
  return `${FILE}: ${message.split("\n")[0]?.replace(/:$/, "")}`;
}

/** What YAML allows and a policy never needs; each has a way to grow out of bounds. */
function excessOf(document: Document): string | undefined {
  let excess: string | undefined;
  const stop = (reason: string) => {
    excess = reason;
    return visit.BREAK;
  };
  visit(document, {
    Node(_key, node, path) {
      if (path.length > DEEPEST) return stop("is nested too deeply");
      const anchored = isNode(node) && "anchor" in node && node.anchor;
      return isAlias(node) || anchored ? stop("anchors and aliases are not allowed") : undefined;
    },
    Pair(_key, { key }) {
      return isScalar(key) ? undefined : stop("keys must be plain words");
    },
  });
  return excess;
}

function told(issue: z.core.$ZodIssue): string[] {
  const at = issue.path.map(String);
  if (issue.code !== "unrecognized_keys") return [`${FILE}: ${placeOf(at)}: ${issue.message}`];
  return issue.keys.map((key) => `${FILE}: ${placeOf([...at, key])}: unknown key`);
}

function placeOf(path: readonly string[]): string {
  return path.join(".").replaceAll(/\.(\d+)(?=\.|$)/g, "[$1]") || "the whole file";
}

function isVisible(text: string): boolean {
  return visible(text) === text;
}

function isOneVisibleLine(text: string): boolean {
  return isVisible(text) && !/[\n\t]/.test(text) && text.trim() === text;
}

function haveOwnNames(checks: readonly Check[]): boolean {
  return new Set(checks.map(({ name }) => name)).size === checks.length;
}
