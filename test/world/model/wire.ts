/** What a vendor's model says, whatever its wire makes of it. */
export interface Said {
  readonly text?: string;
  readonly reasoning?: string;
  readonly calls?: readonly { readonly id: string; readonly name: string; readonly json: string }[];
  readonly usage?: SaidUsage;
  /** Default: what the text and the calls make of it. */
  readonly finish?: "length" | "refusal" | "context";
  /** Default: `served-model`. */
  readonly model?: string;
}

/** Tokens, each counted once: `input` is what was neither read from a cache nor written to one. */
interface SaidUsage {
  readonly input: number;
  readonly cached: number;
  readonly written: number;
  readonly output: number;
  readonly reasoning: number;
}

/** The ways a vendor says no. */
export type Trouble =
  | "auth"
  | "forbidden"
  | "rate-limit"
  | "overloaded"
  | "server-error"
  | "too-long"
  | "spend-limit"
  | "bad-request"
  | "no-such-model";

/** An answer that is not a reply. */
export interface Refusal {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** One request as it came. */
export interface WireRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

/** One vendor's wire, on the vendor's side. */
export interface Wire {
  /** What the vendor would refuse in a request; a good client's has nothing. */
  readonly mistakes: (request: WireRequest) => readonly string[];
  /** A reply as server-sent events. */
  readonly stream: (said: Said) => string;
  readonly refusal: (trouble: Trouble, message: string) => Refusal;
  /** An error as an event in a stream of status 200, in which a reply had already begun. */
  readonly streamed: (trouble: Trouble, message: string) => string;
  /** What a vendor reports of caches and reasoning: a wire may know no writes. */
  readonly counts: readonly ("written" | "reasoning")[];
}

/** Pieces of seven code units, or larger ones for long text: they also cut escapes and surrogate pairs. */
export function slices(text: string): string[] {
  const size = Math.max(7, Math.ceil(text.length / 200));
  const count = Math.ceil(text.length / size);
  return Array.from({ length: count }, (_, n) => text.slice(n * size, (n + 1) * size));
}
