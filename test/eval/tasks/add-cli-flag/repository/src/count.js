/** Lines and words of a text. */
export function count(text) {
  const lines = text === "" ? 0 : text.replace(/\n$/, "").split("\n").length;
  const words = text.split(/\s+/).filter((word) => word !== "").length;
  return { lines, words };
}
