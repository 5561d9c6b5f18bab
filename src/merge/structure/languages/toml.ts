import { textOf } from "../identify.ts";
import type { Identify, Language } from "../language.ts";

function byChild(kind: string, at: number): Identify {
  return (node, text) => {
    const key = node.children[at];
    return key && { key: `${kind} ${textOf(key, text)}`, free: true };
  };
}

/** TOML: tables and their keys. Several tables of one array have no name of their own. */
export const toml: Language = {
  comments: ["comment"],
  leading: [],
  bodies: {
    document: { only: ["pair", "table", "table_array_element"] },
    table: { only: ["pair"] },
    table_array_element: { only: ["pair"] },
    inline_table: { separator: "," },
    array: { separator: ",", sortable: true },
  },
  members: { pair: byChild("key", 0), table: byChild("table", 1) },
};
