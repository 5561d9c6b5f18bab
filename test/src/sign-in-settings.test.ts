import { describe, expect, it } from "vitest";
import { parseGoogleLogin, parseModelConfig } from "../../src/config.ts";
import { NexusError } from "../../src/core/errors.ts";

type Env = Readonly<Record<string, string>>;

const modelsOf = (env: Env) => parseModelConfig(env).models;
const GEMINI = { MODEL: "gemini:gemini-3-flash", GEMINI_PROJECT: "project-1" };
const CLIENT = { GEMINI_CLIENT_ID: "id-1", GEMINI_CLIENT_SECRET: "secret-1" };
const CLAUDE = {
  MODEL: "claude-code:opus",
  CLAUDE_CODE_PROGRAM: "/usr/bin/claude",
  CLAUDE_CODE_ONLY_MINE: "yes",
};

function problemsOf(parse: () => unknown): string[] {
  try {
    parse();
    return [];
  } catch (error) {
    if (!(error instanceof NexusError) || error.code !== "config.invalid") throw error;
    return error.message.split("\n");
  }
}

describe("who signs in otherwise than with a key", () => {
  it("is an enterprise by a file, wherever Google has room", () => {
    const { signIns } = modelsOf({ ...GEMINI, GEMINI_CREDENTIALS_PATH: "/run/google.json" });

    expect(signIns.google).toEqual({
      project: "project-1",
      location: "global",
      by: { credentialsPath: "/run/google.json" },
    });
  });

  it("is a person with the operator's own client, whose secret is never shown", () => {
    const { signIns, keys } = modelsOf({ ...GEMINI, ...CLIENT, GEMINI_LOCATION: "europe-west4" });

    expect(signIns.google).toEqual({
      project: "project-1",
      location: "europe-west4",
      by: { clientId: "id-1", clientSecret: "secret-1" },
    });
    expect(keys).toEqual(["secret-1"]);
  });

  it("is an organisation at Anthropic by its profile", () => {
    const env = { MODEL: "anthropic:claude-opus-5-5", ANTHROPIC_PROFILE_PATH: "/run/profile.json" };

    expect(modelsOf(env).signIns.anthropicProfilePath).toBe("/run/profile.json");
  });

  it("is whoever runs Claude Code, with what one answer may cost, and a token that is never shown", () => {
    const given = { CLAUDE_CODE_MAX_DOLLARS: "2.5", CLAUDE_CODE_TOKEN: "token-1" };

    const { access, keys } = modelsOf({ ...CLAUDE, ...given });

    expect(access["claude-code"].claude).toEqual({
      program: "/usr/bin/claude",
      isOnlyMine: true,
      maxDollars: 2.5,
      token: "token-1",
    });
    expect(keys).toEqual(["token-1"]);
  });

  it("is warned wherever Claude Code is in a list, and nowhere else", () => {
    expect(modelsOf(CLAUDE).warnings).toEqual([expect.stringContaining("nobody but you")]);
    expect(modelsOf({ ...CLAUDE, MODEL: "" }).warnings).toEqual([]);
  });

  it("is nobody where nothing is set", () => {
    const { signIns, access } = modelsOf({});

    expect(signIns).toEqual({ anthropicProfilePath: undefined, google: undefined });
    expect(access["claude-code"]).toEqual({});
  });
});

const FILE = { GEMINI_CREDENTIALS_PATH: "/run/canary.json" };

describe("a sign-in that is wrong or half given is named in one line, and no value is shown", () => {
  it.each<[string, Env, string]>([
    [
      "a project and a key",
      { ...GEMINI, ...FILE, GEMINI_API_KEY: "canary" },
      "GEMINI_API_KEY and GEMINI_PROJECT: set one of them, not both",
    ],
    [
      "a project alone",
      GEMINI,
      "GEMINI_CREDENTIALS_PATH, or GEMINI_CLIENT_ID and GEMINI_CLIENT_SECRET: missing, although GEMINI_PROJECT is set",
    ],
    [
      "a file without a project",
      FILE,
      "GEMINI_PROJECT: missing, although GEMINI_CREDENTIALS_PATH is set",
    ],
    [
      "a client without a project",
      CLIENT,
      "GEMINI_PROJECT: missing, although GEMINI_CLIENT_ID is set",
    ],
    [
      "a file and a client",
      { ...GEMINI, ...FILE, ...CLIENT },
      "GEMINI_CREDENTIALS_PATH and GEMINI_CLIENT_ID: set one of them, not both",
    ],
    [
      "a client without its secret",
      { ...GEMINI, GEMINI_CLIENT_ID: "canary" },
      "GEMINI_CLIENT_SECRET: missing, although GEMINI_CLIENT_ID is set",
    ],
    [
      "a client without its id",
      { ...GEMINI, GEMINI_CLIENT_SECRET: "canary" },
      "GEMINI_CLIENT_ID: missing, although GEMINI_CLIENT_SECRET is set",
    ],
    [
      "an odd project",
      { ...FILE, GEMINI_PROJECT: "Canary/1" },
      "GEMINI_PROJECT: must be the id of a project",
    ],
    [
      "an odd location",
      { ...GEMINI, ...FILE, GEMINI_LOCATION: "../canary" },
      "GEMINI_LOCATION: must be a location",
    ],
    [
      "a blank in a secret",
      { ...GEMINI, GEMINI_CLIENT_ID: "id", GEMINI_CLIENT_SECRET: "a canary" },
      "GEMINI_CLIENT_SECRET: holds a blank",
    ],
    [
      "neither key nor project",
      { MODEL: "gemini:canary" },
      "GEMINI_API_KEY or GEMINI_PROJECT: missing, although MODEL names gemini",
    ],
    [
      "a profile and a key",
      { ANTHROPIC_API_KEY: "canary", ANTHROPIC_PROFILE_PATH: "/canary" },
      "ANTHROPIC_API_KEY and ANTHROPIC_PROFILE_PATH: set one of them, not both",
    ],
    [
      "neither key nor profile",
      { MODEL: "anthropic:canary" },
      "ANTHROPIC_API_KEY or ANTHROPIC_PROFILE_PATH: missing, although MODEL names anthropic",
    ],
    [
      "Claude Code that nobody allowed",
      { MODEL: "claude-code:canary", CLAUDE_CODE_PROGRAM: "/canary" },
      "CLAUDE_CODE_ONLY_MINE: missing, although MODEL names claude-code",
    ],
    [
      "Claude Code without its program",
      { MODEL: "claude-code:canary", CLAUDE_CODE_ONLY_MINE: "yes" },
      "CLAUDE_CODE_PROGRAM: missing, although MODEL names claude-code",
    ],
    [
      "a permission in other words",
      { ...CLAUDE, CLAUDE_CODE_ONLY_MINE: "canary" },
      "CLAUDE_CODE_ONLY_MINE: must be yes, or not set: nobody but you gives work",
    ],
    [
      "a program by its name",
      { ...CLAUDE, CLAUDE_CODE_PROGRAM: "canary" },
      "CLAUDE_CODE_PROGRAM: must be an absolute path",
    ],
    ["no dollars", { CLAUDE_CODE_MAX_DOLLARS: "0" }, "CLAUDE_CODE_MAX_DOLLARS: "],
    ["too many dollars", { CLAUDE_CODE_MAX_DOLLARS: "1001" }, "CLAUDE_CODE_MAX_DOLLARS: "],
    ["dollars in words", { CLAUDE_CODE_MAX_DOLLARS: "canary" }, "CLAUDE_CODE_MAX_DOLLARS: "],
    ["a blank in a token", { CLAUDE_CODE_TOKEN: "a canary" }, "CLAUDE_CODE_TOKEN: holds a blank"],
  ])("%s", (_name, env, expected) => {
    const problems = problemsOf(() => modelsOf(env));

    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(`- ${expected}`);
    expect(problems.join("\n")).not.toMatch(/canary/i);
  });

  it("and all of them at once", () => {
    const env = { MODEL: "claude-code:a,gemini:b" };

    expect(problemsOf(() => modelsOf(env))).toEqual([
      "- CLAUDE_CODE_PROGRAM: missing, although MODEL names claude-code",
      "- CLAUDE_CODE_ONLY_MINE: missing, although MODEL names claude-code",
      "- GEMINI_API_KEY or GEMINI_PROJECT: missing, although MODEL names gemini",
    ]);
  });
});

describe("whoever signs in at Google for an installation", () => {
  it("needs the client and nothing else", () => {
    expect(parseGoogleLogin({ ...CLIENT, MODEL: "nonsense" })).toEqual({
      folder: ".nexus",
      client: { clientId: "id-1", clientSecret: "secret-1" },
    });
  });

  it("is told what of it is missing", () => {
    expect(problemsOf(() => parseGoogleLogin({}))).toEqual([
      "- GEMINI_CLIENT_ID: missing",
      "- GEMINI_CLIENT_SECRET: missing",
    ]);
  });
});
