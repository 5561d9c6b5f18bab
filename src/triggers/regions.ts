/** What one line means inside a region. */
interface Step {
  /** The region goes on, ends with this line, or ended before it. */
  readonly ended: "no" | "here" | "before";
  /** What GitHub shows of the line; undefined when it is hidden. */
  readonly shown: string | undefined;
}

/** Lines that are not the writer's own words: a fence, a hidden comment, an HTML block. */
export interface Region {
  /** To be called with every line, the opening one first. */
  step(line: string): Step;
}

// A fence may open inside list items: their markers count as its indentation.
const FENCE =
  /^(?<lead> {0,3}(?:(?:[-+*]|\d{1,9}[.)])[ \t]+)*)(?:(?<ticks>`{3,})[^`]*|(?<tildes>~{3,}).*)$/;
const COMMENT = /^ {0,3}<!--/;
const TAG =
  /^ {0,3}<(?<name>pre|details|blockquote|code|script|style|textarea|template)(?=[\s>/]|$)/i;

/** The region that begins with this line, if one does. */
export function openRegion(line: string): Region | undefined {
  if (!/[`~<]/.test(line)) return undefined;
  return fence(line) ?? comment(line) ?? htmlBlock(line);
}

function fence(line: string): Region | undefined {
  const { lead = "", ticks, tildes } = FENCE.exec(line)?.groups ?? {};
  const marker = ticks ?? tildes;
  if (!marker) return undefined;
  const column = /\S/.test(lead) ? lead.length : 0;
  const closing = new RegExp(`^ {0,${column + 3}}${marker[0]}{${marker.length},}[ \\t]*$`);
  let opened = false;

  return {
    step(next) {
      if (!opened) {
        opened = true;
        return { ended: "no", shown: next };
      }
      if (closing.test(next)) return { ended: "here", shown: next };
      // A line further left leaves the list item, and with it the fence.
      const left = next.trim() !== "" && next.search(/\S/) < column;
      return { ended: left ? "before" : "no", shown: next };
    },
  };
}

function comment(line: string): Region | undefined {
  if (!COMMENT.test(line)) return undefined;
  let from = line.indexOf("<!--") + 2;

  return {
    step(next) {
      const end = next.indexOf("-->", from);
      from = 0;
      if (end < 0) return { ended: "no", shown: undefined };
      return { ended: "here", shown: next.slice(end + 3) };
    },
  };
}

function htmlBlock(line: string): Region | undefined {
  const name = TAG.exec(line)?.groups?.name;
  if (!name) return undefined;
  const tags = new RegExp(`<(/?)${name}(?=[\\s>/]|$)`, "gi");
  let depth = 0;

  return {
    step(next) {
      for (const [, slash] of next.matchAll(tags)) depth += slash ? -1 : 1;
      return { ended: depth > 0 ? "no" : "here", shown: next };
    },
  };
}
