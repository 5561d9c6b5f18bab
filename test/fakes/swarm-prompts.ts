import { readFileSync } from "node:fs";
import { PROMPT_NAMES, type Prompts } from "../../src/swarm/prompts.ts";

const FOLDER = new URL("../../src/swarm/prompts/", import.meta.url);

/** The real prompts, as the product reads them. */
export const swarmPrompts = Object.fromEntries(
  PROMPT_NAMES.map((name) => [name, readFileSync(new URL(`${name}.md`, FOLDER), "utf8")]),
) as Prompts; // every name was just read
