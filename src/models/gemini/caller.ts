/** Who calls Gemini, as headers tell it. */
export interface Caller {
  /** Those of the next call; may ask for a new token. Throws `model.auth` where it gets none. */
  headers(signal: AbortSignal): Promise<Readonly<Record<string, string>>>;
  /** What no error may quote. */
  secrets(): readonly string[];
}

/** The owner of an API key. */
export function keyCaller(apiKey: string): Caller {
  return {
    headers: async () => ({ "x-goog-api-key": apiKey }),
    secrets: () => [apiKey],
  };
}
