/** The files in `prompts/`, without `.md`. Whoever wires Nexus reads them and hands them in as text. */
export const PROMPT_NAMES = [
  "architect",
  "architect-brief",
  "architect-revision",
  "architect-correction",
  "worker",
  "worker-assignment",
  "worker-reminder",
  "worker-cut-off",
  "worker-correction",
  "worker-correction-fresh",
  "worker-idle",
  "worker-heard",
  "department-product",
  "department-frontend",
  "department-backend",
  "department-qa",
  "merge",
  "merge-brief",
  "merge-correction",
] as const;

/** The text of every prompt by its name. */
export type Prompts = Readonly<Record<(typeof PROMPT_NAMES)[number], string>>;
