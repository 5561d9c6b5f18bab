import { describe, expect, it } from "vitest";
import {
  compareVersions,
  type VersionScheme,
} from "../../../../../src/merge/rules/version/compare-versions.ts";

describe("versions in their order", () => {
  it.each<[VersionScheme, readonly string[]]>([
    [
      "semver",
      // The order that the standard itself gives as its example.
      [
        "1.0.0-alpha",
        "1.0.0-alpha.1",
        "1.0.0-alpha.beta",
        "1.0.0-beta",
        "1.0.0-beta.2",
        "1.0.0-beta.11",
        "1.0.0-rc.1",
        "1.0.0",
        "1.0.1",
        "1.2.0",
        "1.10.0",
        "2.0.0",
      ],
    ],
    [
      "python",
      [
        "1.0.dev456",
        "1.0a1",
        "1.0a2.dev456",
        "1.0a12.dev456",
        "1.0a12",
        "1.0b1.dev456",
        "1.0b2",
        "1.0b2.post345.dev456",
        "1.0b2.post345",
        "1.0rc1.dev456",
        "1.0rc1",
        "1.0",
        "1.0.post456.dev34",
        "1.0.post456",
        "1.1.dev1",
        "1.10",
      ],
    ],
    [
      "maven",
      [
        "1.0-alpha-1",
        "1.0-beta1",
        "1.0-RC2",
        "1.0-SNAPSHOT",
        "1.0",
        "1.0.1",
        "1.1-SNAPSHOT",
        "1.10",
      ],
    ],
  ])("of %s", (scheme, versions) => {
    const orders = versions.flatMap((low, at) =>
      versions.slice(at + 1).map((high) => [low, high] as const),
    );

    for (const [low, high] of orders) {
      expect([low, high, compareVersions(low, high, scheme)]).toEqual([
        low,
        high,
        expect.any(Number),
      ]);
      expect(compareVersions(low, high, scheme)).toBeLessThan(0);
      expect(compareVersions(high, low, scheme)).toBeGreaterThan(0);
    }
  });

  it("counts numbers that no machine number holds", () => {
    expect(
      compareVersions("1.0.90071992547409931", "1.0.90071992547409932", "semver"),
    ).toBeLessThan(0);
  });
});

it.each<[string, VersionScheme, string, string]>([
  ["a date and a number", "semver", "2026.1.0", "1.9.0"],
  ["two numbers and three", "semver", "1.2", "1.2.3"],
  ["only other words for one version", "python", "1.0", "1.0.0"],
  ["builds of one version", "semver", "1.0.0+a", "1.0.0+b"],
  ["a letter before only one of them", "semver", "v1.0.0", "1.1.0"],
  ["an unknown qualifier", "maven", "1.0-jre", "1.1-jre"],
  ["no version", "semver", "next", "1.0.0"],
  ["nothing", "python", "", "1.0"],
  ["a range", "semver", "^1.0.0", "1.0.0"],
  ["a giant", "semver", `1.0.${"9".repeat(10_000)}`, "1.0.0"],
  ["many dots", "python", "1.".repeat(50_000), "1.0"],
  ["markup", "maven", "@revision@", "1.0"],
])("%s cannot be put in an order", (_, ...[scheme, one, other]) => {
  expect(compareVersions(one, other, scheme)).toBeUndefined();
});
