/**
 * How one kind of line is read. The named groups `file`, `line`, `column`, `severity`, `code`, `message` and `test`
 * are what it says. A pattern is anchored and takes time in proportion to its line.
 *
 * - `row`: a whole complaint
 * - `heading`: the file that the following rows are about
 * - `test`: a failed test begins
 * - `start`: a complaint begins; what a test says that has said nothing yet
 * - `message`: what the open complaint says
 * - `place`: where the open complaint is
 * - `frame`: a line of its stack
 */
export interface Rule {
  readonly kind: "row" | "heading" | "test" | "start" | "message" | "place" | "frame";
  readonly pattern: RegExp;
  /** Where the innermost frame of a stack stands; first, if not said. */
  readonly innermost?: "last";
}
