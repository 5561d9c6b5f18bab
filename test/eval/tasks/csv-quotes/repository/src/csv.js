/** The rows of a CSV text. */
export function parseCsv(text) {
  return text
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split(","));
}
