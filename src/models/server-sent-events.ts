/** The data of each event of a stream, until `[DONE]` or its end. An event without its blank line is none. */
export async function* dataOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  let lines: string[] = [];
  for await (const line of linesOf(bytes)) {
    if (line !== "") {
      lines.push(line);
      continue;
    }
    const data = lines.flatMap(dataIn).join("\n");
    lines = [];
    if (data.trimStart().startsWith("[DONE]")) return;
    if (data !== "") yield data;
  }
}

/** Comments, names and ids say nothing that the data does not. */
function dataIn(line: string): string[] {
  if (!line.startsWith("data:")) return [];
  return [line.slice(line[5] === " " ? 6 : 5)];
}

/** Whole lines. Bytes are joined before they are decoded: a piece may end inside of a character. */
async function* linesOf(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let begun = "";
  for await (const piece of bytes) {
    const text = decoder.decode(piece, { stream: true });
    // A long line in many pieces is not searched again with each of them.
    if (!text.includes("\n")) {
      begun += text;
      continue;
    }
    const lines = (begun + text).split("\n");
    begun = lines.pop() ?? "";
    for (const line of lines) yield line.endsWith("\r") ? line.slice(0, -1) : line;
  }
}
