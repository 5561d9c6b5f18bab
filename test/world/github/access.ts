import { createPublicKey, verify } from "node:crypto";
import { type Caller, type Need, notFound, Refusal } from "./call.ts";
import {
  type Installation,
  type Json,
  type Repository,
  repositoryKey,
  type State,
} from "./state.ts";

const LEVELS = ["none", "read", "write", "admin"];

/** Whether a set of permissions holds one of the needed ones. */
export function allows(permissions: Record<string, string>, need: Need): boolean {
  const wanted = LEVELS.indexOf(need.level);
  return need.any.some((name) => LEVELS.indexOf(permissions[name] ?? "none") >= wanted);
}

function decoded(part: string | undefined): Json {
  const value: unknown = JSON.parse(Buffer.from(part ?? "", "base64url").toString());
  return typeof value === "object" && value !== null ? (value as Json) : {};
}

/** Throws unless the token is one the App could have signed just now. */
function checkAppToken(state: State, token: string): void {
  const [head = "", body = "", signature = ""] = token.split(".");
  const undecodable = new Refusal(401, "A JSON web token could not be decoded");
  let claims: Json;
  try {
    if (decoded(head).alg !== "RS256") throw undecodable;
    claims = decoded(body);
  } catch {
    throw undecodable;
  }
  const key = createPublicKey(state.app.privateKey);
  const signed = Buffer.from(`${head}.${body}`);
  if (!verify("RSA-SHA256", signed, key, Buffer.from(signature, "base64url"))) throw undecodable;
  checkClaims(state, claims);
}

function checkClaims(state: State, { iss, exp, iat }: Json): void {
  const seconds = Date.now() / 1000;
  if (String(iss) !== String(state.app.id) && iss !== state.app.clientId) {
    throw new Refusal(401, "'Issuer' claim ('iss') must be an Integer");
  }
  if (typeof exp !== "number" || exp <= seconds) {
    const claim = "'Expiration time' claim ('exp') must be a numeric value representing";
    throw new Refusal(401, `${claim} the future time at which the assertion expires`);
  }
  if (exp > seconds + 600) {
    throw new Refusal(401, "'Expiration time' claim ('exp') is too far in the future");
  }
  if (typeof iat !== "number" || iat > seconds + 60) {
    const claim = "'Issued at' claim ('iat') must be an Integer representing";
    throw new Refusal(401, `${claim} the time that the assertion was issued`);
  }
}

/** Whose token it is. Unknown and expired tokens are refused, no token is nobody. */
export function callerOf(state: State, token: string | undefined): Caller {
  if (token === undefined) return { kind: "nobody" };
  if (token.split(".").length === 3) {
    checkAppToken(state, token);
    return { kind: "app" };
  }
  const found = state.tokens.get(token);
  if (found === undefined || found.expiresAt <= Date.now())
    throw new Refusal(401, "Bad credentials");
  return { kind: "installation", token: found };
}

/** The token in an Authorization header of the API. */
export function bearer(header: string | undefined): string | undefined {
  return /^(?:bearer|token) +(\S+)$/i.exec(header ?? "")?.[1];
}

/** The App's installation on a repository. */
export function installationOf(state: State, repo: Repository): Installation | undefined {
  return [...state.installations.values()].find((one) => one.repositories.has(repo.id));
}

function reaches(caller: Caller, repo: Repository): boolean {
  if (caller.kind !== "installation") return false;
  const { installation, repositories } = caller.token;
  return (
    installation.repositories.has(repo.id) &&
    (repositories === undefined || repositories.has(repo.id))
  );
}

/** The repository, if the caller may see it and do what it wants there. */
export function openRepository(
  state: State,
  caller: Caller,
  wish: { owner: string; name: string; need: Need },
): Repository {
  const repo = state.repositories.get(repositoryKey(wish.owner, wish.name));
  if (repo === undefined) throw notFound();
  if (caller.kind === "installation" && reaches(caller, repo)) {
    if (allows(caller.token.permissions, wish.need)) return repo;
    throw new Refusal(403, "Resource not accessible by integration");
  }
  if (repo.private) throw notFound();
  if (wish.need.level === "read") return repo;
  if (caller.kind === "installation") {
    throw new Refusal(403, "Resource not accessible by integration");
  }
  throw new Refusal(401, "Requires authentication");
}
