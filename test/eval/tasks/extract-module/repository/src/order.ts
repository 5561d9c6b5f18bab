export interface Line {
  readonly name: string;
  readonly cents: number;
  readonly count: number;
}

const VAT = 0.19;

/** The sum of all lines in cents, without tax. */
export function subtotal(lines: readonly Line[]): number {
  return lines.reduce((sum, { cents, count }) => sum + cents * count, 0);
}

/** The tax on an amount, in whole cents. */
export function tax(cents: number): number {
  return Math.round(cents * VAT);
}

/** An order as it is printed. */
export function print(lines: readonly Line[]): string {
  const net = subtotal(lines);
  const rows = lines.map(({ name, cents, count }) => `${count} x ${name}: ${cents * count}`);
  return [...rows, `net ${net}`, `tax ${tax(net)}`, `sum ${net + tax(net)}`].join("\n");
}
