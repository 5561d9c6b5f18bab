import { named } from "../identify.ts";
import type { Language } from "../language.ts";

/** JSON, also with comments. */
export const json: Language = {
  comments: ["comment"],
  leading: [],
  bodies: {
    object: { separator: "," },
    array: { separator: ",", sortable: true },
  },
  members: { pair: named("key", { by: "key" }) },
};
