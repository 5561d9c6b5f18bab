import { describe, expect, it } from "vitest";
import { intentOf } from "../../../src/conversation/intent.ts";

describe("a request asks for a repair", () => {
  const repairs = [
    "fix",
    "Fix!",
    "fix checks",
    "fix the failing checks",
    "fix lint",
    "fix the lint and format errors, please",
    "please fix CI",
    "repair the build",
    "fix format/lint/tests",
    "fix all failing tests",
    "fix type errors",
    "fix\nthe tests",
  ];

  it.each(repairs)("%j", (request) => {
    expect(intentOf(request)).toEqual({ kind: "repair" });
  });
});

describe("a request asks for a change", () => {
  const changes = [
    "fix the login bug",
    "fix this",
    "fix it",
    "fix the",
    "fix the tests in src/date.ts",
    "add tests",
    "make the checks green",
    "fixchecks",
    "lint",
    "help me fix the build of docs",
    "",
    "fix\u0000 lint",
  ];

  it.each(changes)("%j", (request) => {
    expect(intentOf(request)).toEqual({ kind: "change" });
  });
});

describe("a request asks for a merge with the base", () => {
  const merges = [
    "resolve",
    "Resolve!",
    "please resolve",
    "resolve conflicts",
    "resolve the merge conflicts, please",
    "resolve all conflicts with the base branch",
    "fix the conflicts",
    "fix merge conflicts",
  ];

  it.each(merges)("%j", (request) => {
    expect(intentOf(request)).toEqual({ kind: "resolve" });
  });
});

describe("a request that speaks of resolving or merging asks for a change all the same", () => {
  const changes = [
    "resolve this",
    "resolve the dependency cycle",
    "resolve the conflicts between the two date parsers",
    "resolve conflicts in src/date.ts",
    "merge",
    "merge main",
    "conflicts",
    "add a merge command",
    "don't resolve the conflicts",
    "fix the merge",
  ];

  it.each(changes)("%j", (request) => {
    expect(intentOf(request)).toEqual({ kind: "change" });
  });
});

describe("a request asks for help", () => {
  it.each(["help", " HELP ", "?", "--help"])("%j", (request) => {
    expect(intentOf(request)).toEqual({ kind: "help" });
  });
});
