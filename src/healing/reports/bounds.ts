/** A larger report is not read. */
export const MOST_BYTES = 20 * 1024 * 1024;
/** A report that says more is not believed. */
export const MOST_CASES = 1_000_000;
