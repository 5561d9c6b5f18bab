import type { Alignment } from "./align-members.ts";
import { anyOf } from "./entry-state.ts";
import { squeezed } from "./identify.ts";
import { type Member, type Outline, partText } from "./outline.ts";
import type { Triple } from "./triple.ts";

type Compare = (left: string, right: string) => number;

const plain: Compare = (left, right) => {
  if (left === right) return 0;
  return left < right ? -1 : 1;
};
const caseless: Compare = (left, right) => plain(left.toLowerCase(), right.toLowerCase());

const byNumber: Compare = (left, right) => Number(left) - Number(right);

/** Fewer members may be sorted by chance. */
const fewest = 3;

function sortKey(member: Member): string {
  return squeezed(member.source.text.slice(member.node.start, member.node.end) || partText(member));
}

function isSorted(members: readonly Member[], compare: Compare): boolean {
  return members.every((member, at) => {
    const before = members[at - 1];
    return !before || compare(sortKey(before), sortKey(member)) <= 0;
  });
}

/** How the members are sorted on every side; undefined where they are not. */
export function sortingOf(outlines: Triple<Outline>): Compare | undefined {
  const { base, ours, theirs } = outlines;
  if (base.members.length < fewest) return undefined;
  const isNumeric = base.members.every((member) => /^-?[\d.]+$/.test(sortKey(member)));
  return (isNumeric ? [byNumber] : [plain, caseless]).find((compare) =>
    [base, ours, theirs].every(({ members }) => isSorted(members, compare)),
  );
}

/** A gap's members in the order of a sorted list, or with imports first. */
export function arranged(
  { entries }: Alignment,
  ids: readonly number[],
  sorting: Compare | undefined,
): readonly number[] {
  const members = ids.map((id) => ({ id, member: entries[id] && anyOf(entries[id]) }));
  if (sorting) {
    return members
      .toSorted((left, right) =>
        left.member && right.member ? sorting(sortKey(left.member), sortKey(right.member)) : 0,
      )
      .map(({ id }) => id);
  }
  const isFirst = ({ member }: (typeof members)[number]) => member?.identity?.first === true;
  const inOrder = [...members.filter(isFirst), ...members.filter((one) => !isFirst(one))];
  return inOrder.map(({ id }) => id);
}
