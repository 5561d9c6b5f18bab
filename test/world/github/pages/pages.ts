import type { Reply } from "../call.ts";
import type { State } from "../state.ts";

/** Everything that is neither API nor git: logs of Actions, and what people look at. */
export function createPages(state: State): (url: URL) => Promise<Reply> {
  return async (url) => {
    const [, kind = "", owner = "", name = "", ...rest] = url.pathname.split("/");
    const repo = state.repositories.get(`${owner}/${name}`.toLowerCase());
    const log = kind === "logs" ? repo?.logs.get(rest.join("/")) : undefined;
    if (log !== undefined) return { status: 200, body: log };
    return { status: 404, body: "Not found" };
  };
}
