import type { LogReference } from "../../src/core/evidence.ts";

/** Takes the whole output of one command, to be kept somewhere else. */
export interface LogSink {
  /** Cleaned text in order, mostly whole lines. Never blocks and never throws; what is too much is left out. */
  write(cleanedText: string): void;
  /** Where it is kept now; undefined where it could not be, which the sink tells by itself. */
  finish(): Promise<LogReference | undefined>;
}
