/** What a request asks for: make the checks green, merge with the base, change something, or explain yourself. */
export type Intent =
  | { readonly kind: "repair" }
  | { readonly kind: "resolve" }
  | { readonly kind: "change" }
  | { readonly kind: "help" };

const HELP = new Set(["help", "?", "--help", "-h", "usage"]);
const VERBS = new Set(["fix", "repair", "heal"]);
const FILLERS = new Set(
  "please the all any every my our these those this failing failed broken red and or of in on up".split(
    " ",
  ),
);
const TARGETS = new Set(
  [
    "check checks lint linter linting lints format formatter formatting prettier eslint biome style",
    "build builds ci pipeline test tests type types typecheck typechecks typing compilation",
    "error errors failure failures warning warnings",
  ]
    .join(" ")
    .split(" "),
);

const MERGING = new Set("merge conflict conflicts conflicting base branch with against".split(" "));

/** Only words that name the checks make a repair; anything more specific is a change. */
export function intentOf(request: string): Intent {
  const words = request
    .toLowerCase()
    .split(/[\s,;:.!/&+-]+/)
    .filter((word) => word !== "");
  if (HELP.has(request.trim().toLowerCase())) return { kind: "help" };
  const [verb, ...rest] = words.filter((word) => word !== "please");
  const repairs =
    verb !== undefined &&
    VERBS.has(verb) &&
    rest.every((word) => FILLERS.has(word) || TARGETS.has(word)) &&
    // `fix this` points at the issue, `fix these tests` at the checks.
    (rest.length === 0 || rest.some((word) => TARGETS.has(word)));
  if (resolves(verb, rest)) return { kind: "resolve" };
  return { kind: repairs ? "repair" : "change" };
}

/** `resolve` alone, or that or a repair of the conflicts and of nothing else. */
function resolves(verb: string | undefined, rest: readonly string[]): boolean {
  const alone = verb === "resolve" && rest.length === 0;
  const isVerb = verb !== undefined && (verb === "resolve" || VERBS.has(verb));
  const named = rest.some((word) => /^conflicts?$/.test(word));
  return alone || (isVerb && named && rest.every((word) => FILLERS.has(word) || MERGING.has(word)));
}
