/** How conflicts of one repository were settled before, by the name of the conflict. */
export interface ResolutionMemory {
  /** The text that took the place of this conflict; undefined where none is remembered. */
  find(key: string): Promise<string | undefined>;
  /** Keeps what settled a conflict, in place of what was kept before. The oldest ones make room. */
  keep(key: string, text: string): Promise<void>;
}
