import type { Sides } from "../../../core/merge.ts";

// The address of a package, as each kind writes it; a scope of npm's stands in the path.
const ADDRESS =
  /(?:\bresolved"?:?|\bremote:|\btarball:|\b(?:registry|source|url) =|"[^"\s]{1,200}@[^"\s]{1,200}",) ?["']?(?:[a-z]+\+)?https?:\/\/([^/"'\s]{1,200})([^"'\s]{0,500})/g;
/** The index of crates.io has its name from here. */
const EVERYWHERE = ["github.com"];

/**
 * A host from which a new lockfile takes packages and no side did, or from which none took those of this scope:
 * such a registry is somebody else's. Undefined where there is none.
 */
export function newAddress(
  { base, ours, theirs }: Sides,
  result: string,
  hosts: readonly string[],
): string | undefined {
  const known = [base, ours, theirs].flatMap(addressesOf);
  const names = new Set([...known.map(({ host }) => host), ...hosts, ...EVERYWHERE]);
  const pairs = new Set(known.map(({ scope, host }) => `${scope} ${host}`));
  const scopes = new Set(known.flatMap(({ scope }) => scope ?? []));
  return addressesOf(result).find(({ host, scope }) => {
    const isKnown =
      scope === undefined || !scopes.has(scope) ? names.has(host) : pairs.has(`${scope} ${host}`);
    return !isKnown;
  })?.host;
}

interface Address {
  readonly host: string;
  readonly scope: string | undefined;
}

function addressesOf(text: string): readonly Address[] {
  return [...text.matchAll(ADDRESS)].map(([, host = "", path = ""]) => ({
    host,
    scope: /(?:^|\/)(@[\w.~-]+)(?:\/|%2f)/i.exec(path)?.[1],
  }));
}
