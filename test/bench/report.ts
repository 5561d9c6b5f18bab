/** One line of a bench's table: what was varied, and what came of it. */
export type Row = Readonly<Record<string, string | number>>;

/** A figure that should hold. */
export interface Goal {
  readonly name: string;
  readonly value: number;
  readonly goal: string;
  readonly ok: boolean;
}

export interface Report {
  readonly rows: readonly Row[];
  readonly goals: readonly Goal[];
}

interface BenchOptions {
  /** Fewer rows and shorter waits: to see that it runs, not to quote. */
  readonly quick: boolean;
  /** Tells who watches what is being done. */
  readonly say: (line: string) => void;
  /** What was named behind the bench; at least one, of a bench that takes any. */
  readonly operands: readonly string[];
  /** Of a bench that runs many; its own number where it is not said. */
  readonly tasksAtOnce?: number | undefined;
}

export interface Bench {
  /** Throws `config.invalid` where it cannot use what was named. */
  readonly run: (options: BenchOptions) => Promise<Report>;
}

/** The figure against the most it may be. */
export function atMost(name: string, value: number, most: number): Goal {
  return { name, value: rounded(value), goal: `≤ ${most}`, ok: value <= most };
}

/** The figure against the least it may be. */
export function atLeast(name: string, value: number, least: number): Goal {
  return { name, value: rounded(value), goal: `≥ ${least}`, ok: value >= least };
}

/** Two decimals: more would claim what two runs do not share. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Rows that begin with another heading than those before them begin a table of their own. */
export function tables(rows: readonly Row[]): string {
  const kinds = [...new Set(rows.map(firstHeading))];
  return kinds.map((kind) => table(rows.filter((row) => firstHeading(row) === kind))).join("\n\n");
}

function firstHeading(row: Row): string | undefined {
  return Object.keys(row)[0];
}

/** The rows under one line of headings, numbers to the right. */
export function table(rows: readonly Row[]): string {
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const lines = [names, ...rows.map((row) => names.map((name) => String(row[name] ?? "")))];
  const widths = names.map((_, at) => Math.max(...lines.map((line) => line[at]?.length ?? 0)));
  return lines.map((line) => padded(line, widths)).join("\n");
}

function padded(cells: readonly string[], widths: readonly number[]): string {
  const isNumber = (cell: string) => /^-?[\d.]+$/.test(cell);
  return cells
    .map((cell, at) => {
      const width = widths[at] ?? 0;
      return isNumber(cell) ? cell.padStart(width) : cell.padEnd(width);
    })
    .join("  ")
    .trimEnd();
}
