import { describe, expect, it } from "vitest";
import { fetchable, mirrorPath, objectId, pushable } from "../../../src/git/names.ts";

const hostileBranches = [
  "",
  "-x",
  "--upload-pack=touch /tmp/x",
  "a..b",
  "a//b",
  "/a",
  "a/",
  ".a",
  "a/.b",
  "a.lock",
  "a.lock/b",
  "a b",
  "a\nb",
  "a\0b",
  "a\tb",
  "a~1",
  "a^",
  "a:b",
  "a?",
  "a*",
  "a[b",
  "a\\b",
  "a@{0}",
  "a.",
  "a/-b",
  "\u202Emain",
  "a\u200Bb",
  "x".repeat(300),
  "$(touch x)  ",
];

describe("names", () => {
  it.each([
    "refs/heads/main",
    "refs/heads/fix/ünï",
    "refs/heads/a-b_c.d",
    "refs/heads/$(x)",
    "refs/pull/12/head",
    "a".repeat(40),
    "b".repeat(64),
  ])("lets %j be fetched", (ref) => {
    expect(fetchable(ref)).toBe(ref);
  });

  it.each(hostileBranches)("refuses to fetch the branch %j", (branch) => {
    expect(() => fetchable(`refs/heads/${branch}`)).toThrow("is not a full ref name");
  });

  it.each([
    "main",
    "HEAD",
    "refs/tags/v1",
    "refs/pull/0/head",
    "refs/pull/1/merge",
    "+refs/heads/main",
    "refs/heads/main:refs/heads/x",
    "A".repeat(40),
    "a".repeat(39),
  ])("refuses to fetch %j", (ref) => {
    expect(() => fetchable(ref)).toThrow("is not a full ref name");
  });

  it("lets a branch below nexus/ be pushed by its full name", () => {
    expect(pushable("nexus/42-fix.it_now")).toBe("refs/heads/nexus/42-fix.it_now");
  });

  it.each([
    "main",
    "nexus",
    "nexus/",
    "nexus//a",
    "nexus/../main",
    "nexus/a:refs/heads/main",
    "nexus/ü",
    "nexus/a b",
    "nexus/-a",
    "nexus/a.lock",
    "refs/heads/nexus/a",
    "+nexus/a",
    ...hostileBranches,
  ])("refuses to push to %j", (branch) => {
    expect(() => pushable(branch)).toThrow("is not a branch of Nexus");
  });

  it.each(["", "HEAD", "--all", "a".repeat(41), "A".repeat(40), `${"a".repeat(40)}\n`, "main"])(
    "refuses %j as an object id",
    (id) => {
      expect(() => objectId(id)).toThrow("is not an object id");
    },
  );

  it("keeps mirrors by owner and name", () => {
    expect(mirrorPath({ owner: "ada", name: ".github" })).toBe("ada/.github.git");
  });

  it.each([
    ["..", "x"],
    [".askpass", "x"],
    ["a/b", "x"],
    ["-a", "x"],
    ["", "x"],
    ["a", ".."],
    ["a", "."],
    ["a", "b/c"],
    ["a", ""],
    ["a", "b\0"],
    ["a", "b\n"],
  ])("refuses the mirror %j/%j", (owner, name) => {
    expect(() => mirrorPath({ owner, name })).toThrow(/is not (an owner|a repository)/);
  });
});
