import { z } from "zod";
import { Price, type Pricing } from "../../core/price.ts";

const Name = z.string().min(1).max(200);

/** One line of a table: whose price it is, and where and when it was read. */
const Entry = Price.extend({
  provider: Name,
  /** The model's name as its vendor writes it; `*` stands for any characters, or none. */
  model: Name,
  date: z.iso.date().optional(),
  source: z.string().max(500).optional(),
});

/** The form of a file of prices. The first entry that fits a model counts. */
export const PriceTable = z.strictObject({ prices: z.array(Entry).max(2_000) });
export type PriceTable = z.infer<typeof PriceTable>;

/** What holds for a model that no table knows: it is not called, or costs nothing, or this for any million tokens. */
export type UnknownPrice = "refuse" | "free" | number;

/** One model behind one provider. */
interface NamedModel {
  readonly provider: string;
  readonly model: string;
}

/** What a model costs: as the table says; a server of one's own costs nothing; else as the operator rules. */
export function pricingOf(
  named: NamedModel,
  { prices }: PriceTable,
  unknown: UnknownPrice,
): Pricing {
  const entry = prices.find((one) => isAbout(one, named));
  if (entry) {
    const { input, cachedInput, cacheWrite, output } = entry;
    return { kind: "priced", price: { input, cachedInput, cacheWrite, output } };
  }
  if (named.provider === "local" || unknown === "free") return { kind: "free" };
  if (unknown === "refuse") return { kind: "unknown" };
  const all = { input: unknown, cachedInput: unknown, cacheWrite: unknown, output: unknown };
  return { kind: "priced", price: all };
}

function isAbout(entry: NamedModel, { provider, model }: NamedModel): boolean {
  return entry.provider === provider && fits(entry.model, model);
}

/** Part by part, so that no pattern takes long. */
function fits(pattern: string, name: string): boolean {
  const [first = "", ...rest] = pattern.split("*");
  const last = rest.pop();
  if (last === undefined) return pattern === name;
  if (!name.startsWith(first) || !name.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = name.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= name.length - last.length;
}
