import { expect, it } from "vitest";
import { answerQuestion } from "../../../src/pipeline/answer-question.ts";
import { createSyntax } from "../../../src/syntax/create-syntax.ts";
import { freshSignal, mirrorOf, upstreamWith } from "../git/sample-repository.ts";

async function ask(files: Readonly<Record<string, string>>, question: string) {
  const upstream = await upstreamWith(files);
  const mirror = await mirrorOf(upstream);
  const asked = { mirror, commit: upstream.main, syntax: createSyntax, signal: freshSignal() };
  return await answerQuestion(asked, question);
}

it("names the files that a question is about, best first, with their lines and what they define", async () => {
  const answer = await ask(
    {
      "src/parse-config.ts": "export function parseConfig() {}\nexport class ConfigError {}\n",
      "src/use.ts": 'import { parseConfig } from "./parse-config.ts";\n',
      "README.md": "Nothing of it.\n",
    },
    "Where is parseConfig defined?",
  );

  const [first = "", second = ""] = answer.split("\n\n");
  expect(first).toMatch(/^src\/parse-config\.ts \(/);
  expect(first).toContain("  1: export function parseConfig() {}");
  expect(first).toContain("  defines: parseConfig, ConfigError");
  expect(second).toMatch(/^src\/use\.ts/);
  expect(answer).not.toContain("README");
});

it("is bounded whatever the files hold", async () => {
  const many = Object.fromEntries(
    Array.from({ length: 60 }, (_, i) => [
      `src/widget${i}.ts`,
      Array.from({ length: 200 }, (_, n) => `export const widget${n} = "${"x".repeat(500)}";`).join(
        "\n",
      ),
    ]),
  );

  const answer = await ask(many, "Which widget is it?");

  expect(answer.split("\n\n").length).toBeLessThanOrEqual(12);
  expect(answer.length).toBeLessThan(30_000);
  expect(answer).toContain("and 180 more");
});

it("is empty where nothing has to do with it", async () => {
  expect(await ask({ "a.txt": "x\n" }, "zyxwvut qponmlk")).toBe("");
});
