import { type Line, print, subtotal } from "./order.ts";

/** A receipt; nothing for an empty order. */
export function receipt(lines: readonly Line[]): string | undefined {
  return subtotal(lines) === 0 ? undefined : `Receipt\n${print(lines)}`;
}
