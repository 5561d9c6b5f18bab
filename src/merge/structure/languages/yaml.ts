import { named } from "../identify.ts";
import type { Language } from "../language.ts";

const pair = named("key", { by: "key" });

/** YAML: mappings are known by their keys, sequences are ordered. */
export const yaml: Language = {
  runs: true,
  comments: ["comment"],
  leading: [],
  bodies: {
    block_mapping: { only: ["block_mapping_pair"] },
    block_sequence: { only: ["block_sequence_item"], sortable: true },
    flow_mapping: { separator: "," },
    flow_sequence: { separator: ",", sortable: true },
  },
  members: { block_mapping_pair: pair, flow_pair: pair },
};
