import type { Repository, State } from "./state.ts";

/** Makes the labels that are missing; returns the names as the repository writes them. */
export function ensureLabels(state: State, repo: Repository, names: readonly string[]): string[] {
  return names.map((name) => {
    const known = repo.labels.get(name.toLowerCase());
    const label = known ?? { id: state.nextId(), name, color: "ededed", description: null };
    repo.labels.set(name.toLowerCase(), label);
    return label.name;
  });
}
