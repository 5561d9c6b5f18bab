/** Markup that is safe to send: made by `html` here, never from text. */
export interface Html {
  readonly markup: string;
}

const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Text as it is, for between tags and inside quoted attributes. */
export function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** Markup that was made with care elsewhere. */
export function trusted(markup: string): Html {
  return { markup };
}

type Part = string | number | Html | readonly Part[] | undefined;

function rendered(part: Part): string {
  if (part === undefined) return "";
  if (typeof part === "string" || typeof part === "number") return escaped(String(part));
  if ("markup" in part) return part.markup;
  return part.map(rendered).join("");
}

/** Markup with its values escaped; lists are joined. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Html {
  const markup = strings.map((text, at) => text + rendered(parts[at])).join("");
  return { markup };
}
