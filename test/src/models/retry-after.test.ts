import { expect, it } from "vitest";
import { retryAfterMs } from "../../../src/models/retry-after.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");

it.each<[Record<string, string>, number | undefined]>([
  [{}, undefined],
  [{ "retry-after-ms": "250" }, 250],
  [{ "retry-after-ms": "250", "retry-after": "9" }, 250],
  [{ "retry-after-ms": "soon", "retry-after": "9" }, 9000],
  [{ "retry-after": "0" }, 0],
  [{ "retry-after": "1.5" }, 1500],
  [{ "retry-after": "3600" }, 3_600_000],
  [{ "retry-after": "Sun, 01 Mar 2026 12:00:30 GMT" }, 30_000],
  [{ "retry-after": "Sun, 01 Mar 2026 11:00:00 GMT" }, 0],
  [{ "retry-after": "-5" }, undefined],
  [{ "retry-after": "later" }, undefined],
  [{ "retry-after": "" }, undefined],
  [{ "x-ratelimit-reset-requests": "6m0s" }, 360_000],
  [{ "x-ratelimit-reset-requests": "1m30.5s" }, 90_500],
  [{ "x-ratelimit-reset-tokens": "20ms" }, 20],
  [{ "x-ratelimit-reset-requests": "1s", "x-ratelimit-reset-tokens": "3s" }, 3000],
  [
    {
      "x-ratelimit-remaining-requests": "0",
      "x-ratelimit-reset-requests": "1s",
      "x-ratelimit-remaining-tokens": "9000",
      "x-ratelimit-reset-tokens": "3s",
    },
    1000,
  ],
  [{ "x-ratelimit-reset": String(NOW + 4000) }, 4000],
  [{ "x-ratelimit-reset": String(NOW / 1000 + 4) }, 4000],
  [{ "x-ratelimit-reset": "4" }, 4000],
  [{ "x-ratelimit-reset": "2026-03-01T12:00:05Z" }, 5000],
  [
    {
      "anthropic-ratelimit-requests-remaining": "7",
      "anthropic-ratelimit-requests-reset": "2026-03-01T12:00:50Z",
      "anthropic-ratelimit-input-tokens-remaining": "0",
      "anthropic-ratelimit-input-tokens-reset": "2026-03-01T12:00:05Z",
    },
    5000,
  ],
  [{ "x-ratelimit-reset": "6 moons" }, undefined],
])("reads the wait from %j", (headers, expected) => {
  const asked = retryAfterMs(new Headers(headers), NOW);

  expect(asked).toBe(expected);
});
