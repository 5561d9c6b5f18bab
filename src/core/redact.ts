/** Replaces every known secret, also its slices and common encodings, before text leaves Nexus. */
export type Redact = (text: string) => string;
