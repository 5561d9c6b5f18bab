import { describe, expect, it } from "vitest";
import { gitUrl } from "../../../src/github/git-url.ts";
import { createPlatform } from "../../../src/github/platform.ts";
import { publisherWorld, repo } from "./publisher-world.ts";

interface Answer {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly body?: unknown;
}

/** What a caller learns when GitHub answers like this, and how many requests it took. */
async function failing(answer: Answer) {
  const { world, tokens, installationId } = await publisherWorld();
  const { token } = await tokens.read({ repo, installationId });
  world.fault({ match: { path: /^\/repos\/ada\/sums$/ }, kind: "status", times: 9, ...answer });
  const before = world.requests.length;
  const failure: unknown = await createPlatform({ apiUrl: world.apiUrl, token, repo })
    .repository()
    .catch((error: unknown) => error);
  return { failure, token, requests: world.requests.length - before };
}

const later = (seconds: number) => Math.floor(Date.now() / 1000) + seconds;

describe("a failure of GitHub", () => {
  it.each<[string, Answer, object]>([
    [
      "401",
      { status: 401 },
      { code: "github.refused", retryable: true, hint: expect.stringContaining("PRIVATE_KEY") },
    ],
    [
      "403",
      { status: 403, body: { message: "Resource not accessible by integration" } },
      { code: "github.refused", retryable: false },
    ],
    ["404", { status: 404 }, { code: "github.refused", retryable: false }],
    ["410", { status: 410 }, { code: "github.refused", retryable: false }],
    ["422", { status: 422 }, { code: "github.refused", retryable: false }],
    ["408", { status: 408 }, { code: "github.unreachable", retryable: true }],
    [
      "500",
      { status: 500 },
      { code: "github.unreachable", retryable: true, retryAfterMs: undefined },
    ],
    [
      "502 without JSON",
      { status: 502, body: "<html>" },
      { code: "github.unreachable", retryable: true },
    ],
    [
      "503 with a time",
      { status: 503, headers: { "retry-after": "7" } },
      { code: "github.unreachable", retryable: true, retryAfterMs: 7000 },
    ],
    [
      "429 with a time",
      { status: 429, headers: { "retry-after": "30" } },
      { code: "github.rate-limited", retryable: true, retryAfterMs: 30_000 },
    ],
    [
      "429 without one",
      { status: 429 },
      { code: "github.rate-limited", retryable: true, retryAfterMs: 60_000 },
    ],
    [
      "429 with nonsense",
      { status: 429, headers: { "retry-after": "soon" } },
      { code: "github.rate-limited", retryAfterMs: 60_000 },
    ],
    [
      "403 for the secondary limit, with a time",
      { status: 403, headers: { "retry-after": "90" } },
      { code: "github.rate-limited", retryable: true, retryAfterMs: 90_000 },
    ],
    [
      "403 for the secondary limit, without",
      { status: 403, body: { message: "You have exceeded a secondary rate limit." } },
      { code: "github.rate-limited", retryable: true, retryAfterMs: 60_000 },
    ],
  ])("%s is told apart and never retried behind our back", async (_name, answer, expected) => {
    const { failure, token, requests } = await failing(answer);

    expect(failure).toMatchObject(expected);
    expect(String(failure)).not.toContain(token);
    expect(requests).toBe(1);
  });

  it("says when the primary limit ends", async () => {
    const headers = { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(later(120)) };

    const { failure } = await failing({ status: 403, headers });

    expect(failure).toMatchObject({ code: "github.rate-limited", retryable: true });
    const { retryAfterMs } = failure as { retryAfterMs: number };
    expect(retryAfterMs).toBeGreaterThan(100_000);
    expect(retryAfterMs).toBeLessThanOrEqual(120_000);
  });

  it("understands a time that is a date", async () => {
    const headers = { "retry-after": new Date(Date.now() + 60_000).toUTCString() };

    const { failure } = await failing({ status: 503, headers });

    expect((failure as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(50_000);
  });

  it("is unreachable when nobody listens", async () => {
    const platform = createPlatform({ apiUrl: "http://127.0.0.1:9", token: "x", repo });

    await expect(platform.repository()).rejects.toMatchObject({
      code: "github.unreachable",
      retryable: true,
    });
  });
});

describe("the address for git", () => {
  it.each([
    ["https://api.github.com", "https://github.com/ada/sums.git"],
    ["https://api.acme.ghe.com", "https://acme.ghe.com/ada/sums.git"],
    ["https://api.example.org/api/v3", "https://api.example.org/ada/sums.git"],
    ["https://github.example.org/api/v3", "https://github.example.org/ada/sums.git"],
    ["http://127.0.0.1:8080/api/v3", "http://127.0.0.1:8080/ada/sums.git"],
  ])("follows from %s", (apiUrl, url) => {
    expect(gitUrl(apiUrl, repo)).toBe(url);
  });

  it("cannot be led elsewhere by a name", () => {
    expect(gitUrl("https://api.github.com", { owner: "../x", name: "a/b?c#d" })).toBe(
      "https://github.com/..%2Fx/a%2Fb%3Fc%23d.git",
    );
  });
});
