import type { SyntaxNode } from "../../core/syntax.ts";
import type { BodyRule, Identity, Language } from "./language.ts";
import { strayComments } from "./stray-comments.ts";

/** A text and the language it is read in. */
export interface Source {
  readonly text: string;
  readonly language: Language;
}

/** A stretch of a text with the node it stands for: a member with its comments, or a whole file. */
export interface Part {
  readonly source: Source;
  readonly node: SyntaxNode;
  readonly start: number;
  readonly end: number;
}

/** One member: `lead`, its own text with comments and attributes, separator, what follows on its line. */
export interface Member extends Part {
  /** White space between what stands before it and its text. */
  readonly lead: string;
  readonly separator: string;
  readonly trail: string;
  readonly identity: Identity | undefined;
  readonly isComment: boolean;
}

/** A container cut into its members; head, members and tail joined are its text again. */
export interface Outline {
  readonly rule: BodyRule;
  readonly head: string;
  readonly members: readonly Member[];
  readonly tail: string;
}

/** The text of a part. */
export function partText({ source, start, end }: Part): string {
  return source.text.slice(start, end);
}

type Role = "member" | "comment" | "leading" | "separator" | "absorbed" | "other";

function roleOf(child: SyntaxNode, rule: BodyRule, language: Language): Role {
  if (language.comments.includes(child.type)) return "comment";
  if (language.leading.includes(child.type)) return "leading";
  if (isMember(child, rule)) return "member";
  if (child.type === rule.separator) return "separator";
  return rule.absorbs?.includes(child.type) ? "absorbed" : "other";
}

function isMember(child: SyntaxNode, { only, field }: BodyRule): boolean {
  if (field !== undefined) return child.field === field;
  return child.isNamed && (only === undefined || only.includes(child.type));
}

interface Draft {
  lead: string;
  node: SyntaxNode;
  start: number;
  end: number;
  separator: string;
  trail: string;
  isComment: boolean;
}

/** Comments and attributes whose member has not come yet. */
interface Pending {
  readonly first: SyntaxNode;
  readonly start: number;
  end: number;
  attributes: boolean;
}

interface Cutting {
  readonly source: Source;
  readonly rule: BodyRule;
  readonly isFile: boolean;
  /** Where the container begins: before that is nothing that a comment could stand behind. */
  readonly start: number;
  /** Where the container ends, whatever the grammar says of its members. */
  readonly limit: number;
  /** Where the next lead begins. */
  done: number;
  headEnd: number;
  readonly drafts: Draft[];
  pending: Pending | undefined;
}

function between(cutting: Cutting, start: number, end: number): string {
  return cutting.source.text.slice(start, end);
}

/** Some grammars count the line end to what stands before it. */
function solidEnd(cutting: Cutting, end: number): number {
  const { text } = cutting.source;
  let solid = Math.min(end, cutting.limit);
  while (solid > cutting.done && /\s/.test(text.charAt(solid - 1))) solid -= 1;
  return solid;
}

function hasBlankLine(text: string): boolean {
  return /\n[^\S\n]*\r?\n/.test(text);
}

function push(cutting: Cutting, node: SyntaxNode, at: { start: number; isComment: boolean }): void {
  const lead = between(cutting, cutting.done, at.start);
  const end = solidEnd(cutting, at.isComment ? (cutting.pending?.end ?? node.end) : node.end);
  cutting.drafts.push({ ...at, lead, node, end, separator: "", trail: "" });
  cutting.done = end;
  cutting.pending = undefined;
}

/** What is written over a file's first member and apart from it is the file's, not the member's. */
function toHead(cutting: Cutting, pending: Pending): void {
  cutting.headEnd = pending.end;
  cutting.done = pending.end;
  cutting.pending = undefined;
}

function detach(cutting: Cutting, until: number): void {
  const { pending } = cutting;
  if (!pending || pending.attributes) return;
  if (!hasBlankLine(between(cutting, pending.end, until))) return;
  if (cutting.isFile && cutting.drafts.length === 0) toHead(cutting, pending);
  else push(cutting, pending.first, { start: pending.start, isComment: true });
}

/** A comment on the line on which the member before it ends, with nothing after it. */
function trails(cutting: Cutting, comment: SyntaxNode): boolean {
  if (cutting.pending || between(cutting, cutting.done, comment.start).includes("\n")) return false;
  const rest = cutting.source.text.slice(comment.end, comment.end + 200);
  return /^[^\S\n]*(?:\n|$)/.test(rest);
}

function takeComment(cutting: Cutting, comment: SyntaxNode): void {
  const last = cutting.drafts.at(-1);
  if (trails(cutting, comment) && (last || cutting.done > cutting.start)) {
    if (last) last.trail += between(cutting, cutting.done, comment.end);
    else cutting.headEnd = comment.end;
    cutting.done = comment.end;
    return;
  }
  detach(cutting, comment.start);
  hold(cutting, comment, false);
}

function hold(cutting: Cutting, node: SyntaxNode, attributes: boolean): void {
  const { pending } = cutting;
  if (!pending) {
    cutting.pending = { first: node, start: node.start, end: node.end, attributes };
    return;
  }
  pending.end = node.end;
  pending.attributes ||= attributes;
}

function takeMember(cutting: Cutting, node: SyntaxNode): void {
  detach(cutting, node.start);
  const { pending, source } = cutting;
  if (pending && cutting.isFile && cutting.drafts.length === 0) {
    const identity = source.language.members[node.type]?.(node, source.text);
    const isFileMark = source.text.startsWith("#!", pending.start);
    if (identity?.first || isFileMark) toHead(cutting, pending);
  }
  const { comments } = source.language;
  const strays = strayComments(node, source.text, ({ type }) => comments.includes(type));
  const own = strays[0] ? { ...node, end: strays[0].start } : node;
  push(cutting, own, { start: cutting.pending?.start ?? node.start, isComment: false });
  for (const comment of strays) if (comment.start < cutting.limit) takeComment(cutting, comment);
}

/** False where a sign stands that belongs to no member. */
function takeSign(cutting: Cutting, sign: SyntaxNode, absorbed: boolean): boolean {
  const last = cutting.drafts.at(-1);
  if (!last || cutting.pending || last.trail !== "") return absorbed && sign.type === "\n";
  if (absorbed && sign.type === "\n") return true;
  if (absorbed) last.end = sign.end;
  else if (last.separator !== "" || last.isComment) return false;
  else last.separator = between(cutting, cutting.done, sign.end);
  cutting.done = sign.end;
  return true;
}

function take(cutting: Cutting, child: SyntaxNode): boolean {
  const role = roleOf(child, cutting.rule, cutting.source.language);
  if (role === "other") return false;
  if (role === "comment") takeComment(cutting, child);
  else if (role === "leading") {
    detach(cutting, child.start);
    hold(cutting, child, true);
  } else if (role === "member") takeMember(cutting, child);
  else return takeSign(cutting, child, role === "absorbed");
  return true;
}

function finished(draft: Draft, { source, rule }: Cutting): Member {
  const identity = draft.isComment ? undefined : identityOf(draft.node, source, rule);
  const sign = rule.separator;
  // Some grammars count the separator to the member itself.
  const own =
    sign !== undefined &&
    !draft.isComment &&
    draft.separator === "" &&
    source.text.startsWith(sign, draft.end - sign.length);
  if (!own) return { ...draft, source, identity };
  return { ...draft, source, identity, end: draft.end - sign.length, separator: sign };
}

function identityOf(node: SyntaxNode, source: Source, rule: BodyRule): Identity | undefined {
  const identity = source.language.members[node.type]?.(node, source.text);
  if (identity || !rule.set) return identity;
  return { key: source.text.slice(node.start, node.end).replaceAll(/\s+/g, " "), free: true };
}

/** The stretch of children that are members and what stands between them. */
function stretchOf(node: SyntaxNode, { source, rule }: Cutting): readonly [number, number] {
  const belongs = (child: SyntaxNode) =>
    ["member", "comment", "leading"].includes(roleOf(child, rule, source.language));
  const from = node.children.findIndex(belongs);
  if (from < 0) return [-1, -1];
  let to = node.children.findLastIndex(belongs) + 1;
  for (let next = node.children[to]; next; next = node.children[to]) {
    const role = roleOf(next, rule, source.language);
    if (role !== "separator" && role !== "absorbed") break;
    to += 1;
  }
  return [from, to];
}

function empty(node: SyntaxNode, source: Source, rule: BodyRule): Outline | undefined {
  const [open, close, ...more] = node.children;
  const text = source.text.slice(node.start, node.end);
  if (!open && text.trim() === "") return { rule, head: "", members: [], tail: text };
  if (!open || !close || more.length > 0 || open.isNamed || close.isNamed) return undefined;
  const head = source.text.slice(node.start, open.end);
  return { rule, head, members: [], tail: source.text.slice(open.end, node.end) };
}

/** The node without what begins after its end, where its end was drawn nearer. */
function clipped(node: SyntaxNode): SyntaxNode {
  const children = node.children.filter(
    (child) => child.start < node.end || node.end === node.start,
  );
  return children.length === node.children.length ? node : { ...node, children };
}

/** The members of a container; undefined where something stands in it that is neither theirs nor around them. */
export function outlineOf(whole: SyntaxNode, source: Source): Outline | undefined {
  const node = clipped(whole);
  const rule = source.language.bodies[node.type];
  if (!rule) return undefined;
  const cutting: Cutting = {
    source,
    rule,
    isFile: node.start === 0,
    start: node.start,
    limit: node.end,
    done: node.start,
    headEnd: node.start,
    drafts: [],
    pending: undefined,
  };
  const [from, to] = stretchOf(node, cutting);
  if (from < 0) return empty(node, source, rule);
  cutting.done = from > 0 ? (node.children[from - 1]?.end ?? node.start) : node.start;
  cutting.headEnd = cutting.done;
  for (const child of node.children.slice(from, to)) if (!take(cutting, child)) return undefined;
  const { pending } = cutting;
  if (pending) push(cutting, pending.first, { start: pending.start, isComment: true });
  const isCounted = rule.counts?.(node, source.text) === true;
  const members = cutting.drafts.map((draft) => {
    const member = finished(draft, cutting);
    const { identity } = member;
    return isCounted && identity ? { ...member, identity: { ...identity, free: false } } : member;
  });
  if (members.some(({ lead }) => lead.trim() !== "")) return undefined;
  return {
    rule,
    head: source.text.slice(node.start, cutting.headEnd),
    members,
    tail: source.text.slice(cutting.done, node.end),
  };
}
