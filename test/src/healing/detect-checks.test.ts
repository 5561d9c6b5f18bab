import { describe, expect, it } from "vitest";
import type { EnvironmentWish } from "../../../src/core/sandbox.ts";
import { detectChecks } from "../../../src/healing/detect-checks.ts";
import { seeded } from "../core/seeded.ts";

const YML = ".github/nexus.yml";

function packageWith(scripts: Record<string, unknown>): string {
  return JSON.stringify({ name: "x", scripts });
}

describe("checks of package.json", () => {
  it("come in the order of their cost, under the names people give them", () => {
    const packageJson = packageWith({
      test: "vitest",
      build: "vite build",
      "type-check": "tsc",
      lint: "eslint .",
      "prettier:check": "prettier -c .",
      deploy: "rm -rf /",
    });

    expect(detectChecks({ packageJson })).toMatchObject({
      checks: [
        { name: "prettier:check", command: "npm run prettier:check" },
        { name: "lint", command: "npm run lint" },
        { name: "type-check", command: "npm run type-check" },
        { name: "build", command: "npm run build" },
        { name: "test", command: "npm test" },
      ],
      problems: [],
    });
  });

  it("of one kind are taken once", () => {
    const packageJson = packageWith({ "format-check": "a", "format:check": "b" });

    expect(detectChecks({ packageJson }).checks.map(({ name }) => name)).toEqual(["format:check"]);
  });

  const none: readonly (readonly [string, string | undefined])[] = [
    ["there is no file", undefined],
    ["there are no scripts", "{}"],
    ["npm's own test is there", packageWith({ test: 'echo "Error: no test specified" && exit 1' })],
    ["a script is empty", packageWith({ test: " " })],
    ["a script is no text", packageWith({ test: 1, lint: null, build: ["x"] })],
    ["scripts have names of objects", '{"scripts":{"__proto__":"x","constructor":"y"}}'],
  ];

  it.each(none)("are none where %s", (_name, packageJson) => {
    expect(detectChecks({ packageJson })).toMatchObject({ checks: [], problems: [] });
  });

  it.each(["", "{", "null", "[]", '"x"', '{"scripts":[]}', '{"scripts":"x"}'])(
    "are none, and that is said, where it is %j",
    (packageJson) => {
      expect(detectChecks({ packageJson })).toMatchObject({
        checks: [],
        problems: ["package.json is not a valid package description"],
      });
    },
  );
});

describe("checks of nexus.yml", () => {
  it("win over the package's", () => {
    const nexusYml =
      "checks:\n  - name: unit\n    command: npm run unit\n  - {name: e2e, command: 'true'}\n";

    expect(detectChecks({ packageJson: packageWith({ test: "vitest" }), nexusYml })).toMatchObject({
      checks: [
        { name: "unit", command: "npm run unit" },
        { name: "e2e", command: "true" },
      ],
      problems: [],
    });
  });

  it("may have commands of several lines", () => {
    const nexusYml = "checks:\n- name: both\n  command: |\n    npm test\n    npm run e2e\n";

    expect(detectChecks({ nexusYml }).checks).toEqual([
      { name: "both", command: "npm test\nnpm run e2e\n" },
    ]);
  });

  it.each(["", "\n", "# only a comment\n", "{}", "null", "---\n"])(
    "may be none: %j",
    (nexusYml) => {
      expect(
        detectChecks({ packageJson: packageWith({ test: "vitest" }), nexusYml }),
      ).toMatchObject({
        checks: [{ name: "test", command: "npm test" }],
        problems: [],
      });
    },
  );

  const places: readonly (readonly [string, string, EnvironmentWish])[] = [
    ["an image", "image: ghcr.io/acme/tools:1.2", { image: "ghcr.io/acme/tools:1.2" }],
    ["one command", "setup: make deps", { setup: ["make deps"] }],
    ["commands", "setup:\n- a\n- |\n  b\n  c\n", { setup: ["a", "b\nc\n"] }],
    ["nothing to set up", "setup: []", { setup: [] }],
    ["hosts", "network: [a.example, '*.b.example']", { network: ["a.example", "*.b.example"] }],
    ["nothing", "checks: [{name: a, command: b}]", {}],
  ];

  it("may forbid agents programs, alone or with their first words", () => {
    const nexusYml = "commands:\n  deny: [make, npm install, git push --force]\n";

    expect(detectChecks({ nexusYml })).toMatchObject({
      deny: ["make", "npm install", "git push --force"],
      problems: [],
    });
  });

  it.each([
    ["commands: make", "commands"],
    ["commands: {deny: [], allow: [make]}", "commands.allow"],
    ["commands: {deny: make}", "commands.deny"],
    ["commands: {deny: ['make | sh']}", "commands.deny[0]"],
    ["commands: {deny: ['']}", "commands.deny[0]"],
    ["commands: {deny: ['a b c d e f g h']}", "commands.deny[0]"],
  ])("%s is a mistake at %s", (nexusYml, place) => {
    const { problems, deny } = detectChecks({ nexusYml });

    expect(problems[0]).toContain(`${YML}: ${place}: `);
    expect(deny).toEqual([]);
  });

  it.each([
    ["budget: {task: 2.50, day: '10'}", { task: 2_500_000, "repository-day": 10_000_000 }],
    ["budget: {day: 0.000001}", { "repository-day": 1 }],
    ["budget: {}", {}],
    ["checks: [{name: a, command: b}]", {}],
  ])("%s bounds what models may cost", (nexusYml, budget) => {
    expect(detectChecks({ nexusYml })).toMatchObject({ problems: [], budget });
    expect(detectChecks({ nexusYml }).budget).toEqual(budget);
  });

  it.each([
    ["budget: 5", "budget"],
    ["budget: {task: 0}", "budget.task"],
    ["budget: {task: -1}", "budget.task"],
    ["budget: {task: none}", "budget.task"],
    ["budget: {task: .inf}", "budget.task"],
    ["budget: {task: .nan}", "budget.task"],
    ["budget: {task: 1e-9}", "budget.task"],
    ["budget: {day: [5]}", "budget.day"],
    ["budget: {day: '2,50'}", "budget.day"],
    ["budget: {total: 5}", "budget.total"],
  ])("%s is a mistake at %s", (nexusYml, place) => {
    const { problems, budget } = detectChecks({ nexusYml });

    expect(problems[0]).toContain(`${YML}: ${place}: `);
    expect(budget).toEqual({});
  });

  it.each(places)("may name %s for the place where they run", (_name, nexusYml, environment) => {
    const detected = detectChecks({ packageJson: packageWith({ test: "vitest" }), nexusYml });

    expect(detected).toMatchObject({ environment, problems: [] });
    expect(detected.environment).toEqual(environment);
    expect(detected.checks).toHaveLength(1);
  });

  const image = "must be the name of an image, such as python:3.12-slim";
  const host = "must be a host name, such as *.example.org";
  const bad: readonly (readonly [string, string, string])[] = [
    [
      "an image of another kind",
      "image: 3",
      `${YML}: image: Invalid input: expected string, received number`,
    ],
    ["an image that is an option", "image: --privileged", `${YML}: image: ${image}`],
    ["an image by a path", "image: ../x", `${YML}: image: ${image}`],
    ["an image in capitals", "image: Evil", `${YML}: image: ${image}`],
    ["an image with a blank", "image: 'a b'", `${YML}: image: ${image}`],
    ["an image with an address", "image: https://a.example/b", `${YML}: image: ${image}`],
    ["an empty image", "image: ''", `${YML}: image: ${image}`],
    ["an empty set-up command", "setup: [' ']", `${YML}: setup[0]: must not be empty`],
    [
      "a set-up command that is a number",
      "setup: [1]",
      `${YML}: setup[0]: Invalid input: expected string, received number`,
    ],
    [
      "a set-up of another kind",
      "setup: {a: b}",
      `${YML}: setup: Invalid input: expected array, received object`,
    ],
    [
      "a hidden character in the set-up",
      'setup: ["a\u200b"]',
      `${YML}: setup[0]: holds characters that cannot be seen`,
    ],
    [
      "one host without a list",
      "network: a.example",
      `${YML}: network: Invalid input: expected array, received string`,
    ],
    ["a host by its number", "network: [127.0.0.1]", `${YML}: network[0]: ${host}`],
    ["a host with a port", "network: ['a.example:22']", `${YML}: network[0]: ${host}`],
    ["an address for a host", "network: ['http://a.example']", `${YML}: network[0]: ${host}`],
    ["every host", "network: ['*']", `${YML}: network[0]: ${host}`],
    ["all of a top level", "network: ['*.example']", `${YML}: network[0]: ${host}`],
    ["a wildcard in the middle", "network: ['a.*.example']", `${YML}: network[0]: ${host}`],
    ["a host in capitals", "network: [A.example]", `${YML}: network[0]: ${host}`],
    ["a host with a dot at its end", "network: [a.example.]", `${YML}: network[0]: ${host}`],
    ["this machine", "network: [localhost]", `${YML}: network[0]: ${host}`],
    ["a host twice", "network: [a.example, a.example]", `${YML}: network: names a host twice`],
    ["an unknown key", "endpoint: https://evil.test", `${YML}: endpoint: unknown key`],
    [
      "an unknown key inside",
      "checks: [{name: a, command: b, image: c}]",
      `${YML}: checks[0].image: unknown key`,
    ],
    ["a prototype key", "__proto__: {checks: []}", `${YML}: __proto__: unknown key`],
    [
      "no checks in the list",
      "checks: []",
      `${YML}: checks: Too small: expected array to have >=1 items`,
    ],
    [
      "a list of another kind",
      "checks: npm test",
      `${YML}: checks: Invalid input: expected array, received string`,
    ],
    [
      "a text",
      "npm test",
      `${YML}: the whole file: Invalid input: expected object, received string`,
    ],
    [
      "a missing command",
      "checks: [{name: a}]",
      `${YML}: checks[0].command: Invalid input: expected string, received undefined`,
    ],
    [
      "a number for a command",
      "checks: [{name: a, command: 1}]",
      `${YML}: checks[0].command: Invalid input: expected string, received number`,
    ],
    [
      "a name of two lines",
      'checks: [{name: "a\\nb", command: c}]',
      `${YML}: checks[0].name: must be one line of visible characters`,
    ],
    [
      "a command with hidden characters",
      'checks: [{name: a, command: "b\\u200bc"}]',
      `${YML}: checks[0].command: holds characters that cannot be seen`,
    ],
    [
      "the same name twice",
      "checks: [{name: a, command: b}, {name: a, command: c}]",
      `${YML}: checks: two checks have the same name`,
    ],
    [
      "an anchor",
      "checks: [&x {name: a, command: b}]",
      `${YML}: anchors and aliases are not allowed`,
    ],
    ["an alias", "x: &x 1\nchecks: *x", `${YML}: anchors and aliases are not allowed`],
    [
      "a key twice",
      "checks: []\nchecks: []",
      `${YML}: Map keys must be unique at line 2, column 1`,
    ],
    [
      "two documents",
      "a: 1\n---\nb: 1",
      `${YML}: Source contains multiple documents; please use YAML.parseAllDocuments() at line 2, column 1`,
    ],
    [
      "a tag",
      "checks: !!js/function 'x'",
      `${YML}: Unresolved tag: tag:yaml.org,2002:js/function at line 1, column 9`,
    ],
    ["too many characters", `# ${"x".repeat(20_000)}`, `${YML} is longer than 16384 characters`],
  ];

  it.each(bad)("are none where the file has %s", (_name, nexusYml, problem) => {
    expect(detectChecks({ packageJson: packageWith({ test: "vitest" }), nexusYml })).toMatchObject({
      checks: [],
      problems: [problem],
    });
  });

  it.each(["[", "{a: ", "- ", "? ", "\t", "\u0000", "&a [*a,"])(
    "are none, without an error, where the file is %j a thousand times",
    (piece) => {
      const { checks, problems } = detectChecks({ nexusYml: piece.repeat(1_000) });

      expect(checks).toEqual([]);
      expect(piece === "\t" ? ["x"] : problems).not.toEqual([]);
    },
  );

  it("never end in an error, whatever the file holds", () => {
    const random = seeded(71);
    const pieces = [
      ...Array.from("-:[]{}&*!|>'\"%@`#,? \n\tab1~"),
      "checks:",
      "name: ",
      "command: ",
      "\n  - ",
      "<<: ",
    ];
    for (let round = 0; round < 2_000; round++) {
      const nexusYml = random.text(pieces, random.int(40));

      expect(() => detectChecks({ nexusYml, packageJson: random.text(pieces, 10) })).not.toThrow();
    }
  });
});
