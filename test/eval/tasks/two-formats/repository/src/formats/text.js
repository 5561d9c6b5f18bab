/** One line for each row. */
export function text(rows) {
  return rows.map((row) => Object.values(row).join(" ")).join("\n");
}
