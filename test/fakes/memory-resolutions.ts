import type { ResolutionMemory } from "../../src/core/resolution-memory.ts";

/** Remembers as long as it lives. */
export function memoryResolutions(kept = new Map<string, string>()): ResolutionMemory {
  return {
    find: (key) => Promise.resolve(kept.get(key)),
    keep: (key, text) => Promise.resolve(void kept.set(key, text)),
  };
}
