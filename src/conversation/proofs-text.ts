import type { Proof } from "../core/evidence.ts";
import { cell, code, inline } from "./escape.ts";
import { totalsText } from "./totals-text.ts";

const ROWS = 20;

/** What was run with and without the change, and how it ended; nothing where nothing was. */
export function proofsText(proofs: readonly Proof[] = []): readonly string[] {
  if (proofs.length === 0) return [];
  const rows = proofs
    .slice(0, ROWS)
    .map((proof) => [subject(proof), ranText(proof.base), ranText(proof.head), verdictOf(proof)])
    .map((columns) => `| ${columns.map(cell).join(" | ")} |`);
  const left = proofs.length - rows.length;
  const table = [
    "| What is to prove it | On the base, with the tests of the head | On the head | |",
    "| --- | --- | --- | --- |",
    ...rows,
  ];
  return ["### Red to green", table.join("\n"), ...(left > 0 ? [`And ${left} more.`] : [])];
}

function subject({ item, name, command }: Proof): string {
  const of = item === undefined ? "" : ` for ${code(item, 60)}`;
  return command === "" ? `${inline(name, 120)}${of}` : `${code(command, 120)}${of}`;
}

function ranText(ran: Proof["base"]): string {
  if (!ran) return "not run";
  const tests = ran.tests ? `, tests: ${totalsText(ran.tests)}` : "";
  return `exit ${ran.exitCode}${tests}`;
}

function verdictOf({ kind, why = "" }: Proof): string {
  switch (kind) {
    case "red-green":
      return "✅ fails on base, passes on head";
    case "green-green":
      return "⚠️ passes on both: it proves nothing new";
    case "not-run":
      return `not run: ${inline(why, 200)}`;
    default:
      return kind satisfies never;
  }
}
