import { z } from "zod";
import { type Caps, lowerCaps } from "./core/budget.ts";
import { parseDollars } from "./core/dollars.ts";
import type { UnknownPrice } from "./models/prices/price-table.ts";

const EXAMPLE = "an amount in dollars above 0, such as 2.50";

const cap = (fallback: string) =>
  z
    .string()
    .refine(
      (value) => value === "none" || parseDollars(value) !== undefined,
      `must be ${EXAMPLE}, or none`,
    )
    .transform((value) => (value === "none" ? undefined : parseDollars(value)))
    .prefault(fallback);

const unknownPrice = z
  .string()
  .transform((value): UnknownPrice | undefined =>
    value === "refuse" || value === "free" ? value : parseDollars(value),
  )
  .refine(
    (value) => value !== undefined,
    `must be refuse, free, or what a million tokens are taken to cost: ${EXAMPLE}`,
  )
  .prefault("refuse");

/** The settings of what models may cost, as the environment names them. */
export const BudgetSettings = z.object({
  BUDGET_TASK: cap("5"),
  BUDGET_REPOSITORY_DAY: cap("20"),
  BUDGET_DAY: cap("50"),
  BUDGET_TOTAL: cap("1000"),
  MODEL_PRICES: z.string().trim().min(1).optional(),
  UNKNOWN_PRICE: unknownPrice,
});

/** What may be spent, and how prices are known. */
export function budgetOf(data: z.infer<typeof BudgetSettings>) {
  const caps: Caps = lowerCaps(
    {},
    {
      task: data.BUDGET_TASK,
      "repository-day": data.BUDGET_REPOSITORY_DAY,
      day: data.BUDGET_DAY,
      total: data.BUDGET_TOTAL,
    },
  );
  return { caps, pricesFile: data.MODEL_PRICES, unknownPrice: data.UNKNOWN_PRICE ?? "refuse" };
}
