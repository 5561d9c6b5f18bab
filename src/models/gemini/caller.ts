/** Who calls Gemini, as headers tell it. */
export interface Caller {
  /** Those of the next call; may ask for a new token. Throws Rejected where it gets none. */
  headers(signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** The last headers were refused: false where there can be no others. */
  renew(): boolean;
  /** What no error may quote. */
  secrets(): readonly string[];
}

/** The owner of an API key. */
export function keyCaller(apiKey: string): Caller {
  return {
    headers: async () => ({ "x-goog-api-key": apiKey }),
    renew: () => false,
    secrets: () => [apiKey],
  };
}
