import type { Sides } from "../../../../src/core/merge.ts";

/** One stretch of a text, and which of base, ours and theirs it stands in. */
interface Piece {
  readonly text: string;
  readonly base: boolean;
  readonly ours: boolean;
  readonly theirs: boolean;
}

/** A merge in which something is wrong, and what was done to it. */
interface Mutant {
  readonly name: string;
  readonly text: string;
}

/** Three sides, what is right to make of them and all that is wrong with one stroke. */
export interface Mutated {
  readonly sides: Sides;
  readonly merged: string;
  readonly mutants: readonly Mutant[];
}

/** A line begins with the letters of the texts that it stands in; a `~` joins it to the next one. */
function pieceOf(line: string): Piece {
  const [letters, text] = [line.slice(0, 4), line.slice(5)] as const;
  const everywhere = line === "";
  return {
    text: letters.endsWith("~") ? text : `${text}\n`,
    base: everywhere || letters.includes("b"),
    ours: everywhere || letters.includes("o"),
    theirs: everywhere || letters.includes("t"),
  };
}

/** What both have of what was there, and what one of them added. */
function isMerged({ base, ours, theirs }: Piece): boolean {
  return base ? ours && theirs : ours || theirs;
}

function joined(pieces: readonly Piece[]): string {
  return pieces.map(({ text }) => text).join("");
}

/** Brackets and empty lines alone say nothing. */
function isTelling({ text }: Piece): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

function strokesAt(pieces: readonly Piece[], at: number): Mutant[] {
  const piece = pieces[at];
  if (!(piece && isTelling(piece))) return [];
  const keep = (one: Piece) => isMerged(one);
  const [before, after] = [pieces.slice(0, at).filter(keep), pieces.slice(at + 1).filter(keep)];
  const mutant = (stroke: string, middle: readonly Piece[]) => ({
    name: `${stroke}: ${piece.text.trim()}`,
    text: joined([...before, ...middle, ...after]),
  });
  return isMerged(piece)
    ? [mutant("lost", []), mutant("twice", [piece, piece])]
    : [mutant("back", [piece])];
}

/** Reads one file of the table; every stretch of the right merge is lost and doubled, every removed one comes back. */
export function mutated(path: string, marked: string): Mutated {
  const pieces = marked.replace(/\n$/, "").split("\n").map(pieceOf);
  return {
    sides: {
      path,
      base: joined(pieces.filter(({ base }) => base)),
      ours: joined(pieces.filter(({ ours }) => ours)),
      theirs: joined(pieces.filter(({ theirs }) => theirs)),
    },
    merged: joined(pieces.filter(isMerged)),
    mutants: pieces.flatMap((_, at) => strokesAt(pieces, at)),
  };
}
