import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { SETTINGS } from "../src/config.ts";
import { readNexusYml } from "../src/healing/nexus-yml.ts";

const ROOT = resolve(import.meta.dirname, "..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const readme = read("README.md");

describe.each(["README.md", "sandbox/README.md", "src/swarm/README.md"])("%s", (path) => {
  it("links only to what is there", () => {
    const links = [...read(path).matchAll(/\]\((?!https?:)([^)#]+)/g)].map(([, to = ""]) => to);

    const broken = links.filter((to) => !existsSync(join(ROOT, dirname(path), to)));

    expect(broken).toEqual([]);
  });

  it("names only files that are there", () => {
    const folder = join(ROOT, dirname(path));
    const named = [...read(path).matchAll(/`([a-z-]+\.(?:ts|json|md))`/g)].map(
      ([, file = ""]) => file,
    );

    expect(named.filter((file) => !existsSync(join(folder, file)))).toEqual([]);
  });
});

describe("what README.md says to type", () => {
  it("are scripts that package.json has", () => {
    const { scripts } = z
      .object({ scripts: z.record(z.string(), z.string()) })
      .parse(JSON.parse(read("package.json")));
    const typed = [...readme.matchAll(/npm (?:run ([a-z]+)|(start|test)\b)/g)];

    const names = new Set(typed.map(([, script, builtIn]) => script ?? builtIn ?? ""));

    expect([...names].filter((name) => !(name in scripts))).toEqual([]);
    expect(names.size).toBeGreaterThan(5);
  });

  it("are settings that exist, or variables of the compose file", () => {
    const settings = new Set(Object.values(SETTINGS).flat());
    const compose = read("docker/compose.yaml");
    const named = [...readme.matchAll(/[`"]([A-Z][A-Z]+_[A-Z_]+|MODEL)\b/g)].map(
      ([, name = ""]) => name,
    );

    const unknown = named.filter((name) => !settings.has(name) && !compose.includes(`\${${name}:`));

    expect(unknown).toEqual([]);
    expect(named.length).toBeGreaterThan(5);
  });

  it("is a policy file that can be read", () => {
    const [, yml] = /```yaml\n([\s\S]*?)```/.exec(readme) ?? [];

    expect(readNexusYml(yml)).toEqual({
      checks: [
        { name: "types", command: "npx tsc --noEmit" },
        { name: "test", command: "npm test" },
      ],
      environment: {
        image: "python:3.12-slim",
        setup: ["python3 -m venv /opt/nexus/venv", "pip install -r requirements.txt"],
        network: ["api.example.org"],
      },
      deny: ["npm install", "make"],
      budget: { task: 2_500_000, "repository-day": 10_000_000 },
      problems: [],
    });
  });
});

it("the map in README.md has every room of src and no other", () => {
  const [, map = ""] = /```text\nsrc\/\n([\s\S]*?)```/.exec(readme) ?? [];
  const drawn = [...map.matchAll(/^ {2}([a-z]+)\//gm)].map(([, room = ""]) => room);

  const rooms = readdirSync(join(ROOT, "src"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);

  expect(drawn.toSorted()).toEqual(rooms.toSorted());
});
