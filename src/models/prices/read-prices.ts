import { readFileSync } from "node:fs";
import { z } from "zod";
import { NexusError } from "../../core/errors.ts";
import { PriceTable } from "./price-table.ts";

const OWN = new URL("./prices.json", import.meta.url);
const MOST_PROBLEMS = 5;

/** The prices of the operator's file, where there is one, before those that Nexus knows. Throws `config.invalid`. */
export function readPrices(path: string | undefined): PriceTable {
  const own = readTable(OWN, "prices.json");
  if (path === undefined) return own;
  const { prices } = readTable(path, "MODEL_PRICES");
  return { prices: [...prices, ...own.prices] };
}

function readTable(path: string | URL, name: string): PriceTable {
  const { data, error } = PriceTable.safeParse(parsed(textOf(path, name), name));
  if (data) return data;
  const problems = error.issues.slice(0, MOST_PROBLEMS).map((issue) => {
    const place = z.core.toDotPath(issue.path) || "the whole file";
    return `${place}: ${issue.message}`;
  });
  throw unusable(name, problems.join("; "));
}

function textOf(path: string | URL, name: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unreadable";
    throw unusable(name, `it cannot be read (${code})`);
  }
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw unusable(name, "it is not JSON");
  }
}

function unusable(name: string, problem: string): NexusError {
  return new NexusError(
    "config.invalid",
    `The file of prices (${name}) cannot be used: ${problem}`,
    {
      hint: "It is written like src/models/prices/prices.json: millionths of a dollar for a million tokens.",
    },
  );
}
