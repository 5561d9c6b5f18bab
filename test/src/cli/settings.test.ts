import { describe, expect, it } from "vitest";
import { problemsIn } from "../../../src/cli/settings.ts";
import { told } from "../../../src/cli/told.ts";
import { parseSandboxConfig, parseWebConfig, parseWorkerConfig } from "../../../src/config.ts";
import { NexusError } from "../../../src/core/errors.ts";

const SECRET = { WEBHOOK_SECRET: "0123456789abcdef0123456789abcdef" };

describe("problems in the settings", () => {
  it("are none where npm start brings what is missing", () => {
    expect(problemsIn(SECRET, [parseWebConfig, parseWorkerConfig])).toEqual([]);
  });

  it("are told once each, by name and without values", () => {
    const env = { SANDBOX_SLOTS: "many-secret", REDIS_URL: "ftp://secret", PORT: " " };

    const problems = problemsIn(env, [parseWebConfig, parseWorkerConfig, parseSandboxConfig]);

    const found = problems.map(({ text, isMissing }) => `${text.split(":")[0]} ${isMissing}`);
    expect(new Set(found)).toEqual(
      new Set(["REDIS_URL false", "SANDBOX_SLOTS false", "WEBHOOK_SECRET true"]),
    );
    expect(found).toHaveLength(3);
    expect(JSON.stringify(problems)).not.toContain("secret");
  });

  it("are no less where a setting is missing that another one needs", () => {
    const [problem] = problemsIn({ ...SECRET, MODEL: "kimi:k" }, [parseWorkerConfig]);

    expect(problem).toEqual({
      text: "KIMI_API_KEY: missing, although MODEL names kimi",
      isMissing: false,
    });
  });
});

it("the settings of the sandboxes stand alone", () => {
  const { sandboxPlace } = parseSandboxConfig({ NEXUS_FOLDER: "/srv/nexus" });

  expect(sandboxPlace).toMatchObject({ folder: "/srv/nexus/sandbox", owner: "nexus" });
});

it.each<[unknown, string]>([
  [new NexusError("git.failed", "It failed.", { hint: "Try." }), "nexus: It failed.\n  Try.\n"],
  [new Error("a\u001b[31m\u202eb"), "nexus: a?[31m?b\n"],
  ["text", "nexus: text\n"],
])("a failure is told in plain text: %s", (error, text) => {
  expect(told(error)).toBe(text);
});
