import { dirname, join } from "node:path/posix";
import { MAKE_VENV, PYTHON_ENV, PYTHON_SET_UP, VENV } from "./python.ts";
import { CACHE, present, type Stack, type TreeFiles } from "./stack.ts";

/** Lists that a test run needs; those for documentation or a release are left out. */
const LISTS = [
  "requirements.txt",
  ...["dev", "test", "tests", "ci"].flatMap((kind) => [
    `requirements-${kind}.txt`,
    `requirements_${kind}.txt`,
    `${kind}-requirements.txt`,
    `requirements/${kind}.txt`,
  ]),
];
const MOST_FILES = 50;

// The repository itself is not there in a set-up, and is found by its path later.
const OF_THE_REPOSITORY =
  /^\s*(?:-e\b|--editable\b|\.{1,2}(?:\/|\[|\s|$)|file:|\/|[\w.-]+\s*@\s*file:)/;
const ELSEWHERE = /^\s*(?:-i|--index-url|--extra-index-url|-f|--find-links|--trusted-host)\b/;
const NAMED = /^\s*(?:-r|--requirement|-c|--constraint)[\s=]*([\w./-]+)/;

/** What a pyproject.toml names for the package itself and for its tests, one requirement a line. */
const READ_PYPROJECT = `python3 -c 'import tomllib
with open("pyproject.toml", "rb") as file: data = tomllib.load(file)
project = data.get("project", {})
wanted = list(project.get("dependencies", []))
for kinds in (project.get("optional-dependencies", {}), data.get("dependency-groups", {})):
    for kind in ("test", "tests", "testing", "dev"):
        wanted += [one for one in kinds.get(kind, []) if isinstance(one, str)]
print("\\n".join(wanted))' >${CACHE}/requirements.txt`;

/** pip: the lists of requirements, or what pyproject.toml names where there are none. */
export const pip: Stack = (files) => {
  if (files.has("uv.lock") || files.has("poetry.lock")) return undefined;
  const lists = LISTS.filter((path) => files.has(path));
  const manifests = lists.length > 0 ? requirements(files, lists) : pyproject(files);
  if (manifests.size === 0) return undefined;
  const wanted = lists.length > 0 ? lists : [`${CACHE}/requirements.txt`];
  const install = `${VENV}/bin/pip install --prefer-binary ${wanted.map((path) => `-r ${path}`).join(" ")}`;
  return {
    stack: "pip",
    program: "python3",
    files: manifests,
    // Not every package has a wheel, and pip builds one where it installs. No source is there to be read.
    fetch: [MAKE_VENV, ...(lists.length > 0 ? [] : [READ_PYPROJECT]), install],
    build: [],
    env: PYTHON_ENV,
    setUpEnv: PYTHON_SET_UP,
    path: [`${VENV}/bin`],
    layers: [],
  };
};

function pyproject(files: TreeFiles): Map<string, Buffer> {
  const text = files.text("pyproject.toml") ?? "";
  return /^[ \t]*(?:dependencies|test|tests|testing|dev)[ \t]*=/m.test(text)
    ? present(files, ["pyproject.toml"])
    : new Map();
}

/** The lists and those that they name, without lines that lead to the repository or to another index. */
function requirements(files: TreeFiles, lists: readonly string[]): Map<string, Buffer> {
  const found = new Map<string, Buffer>();
  const waiting = [...lists];
  let wanted = false;
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    const text = found.has(path) || found.size >= MOST_FILES ? undefined : files.text(path);
    if (text === undefined) continue;
    const lines = text
      .split(/\r?\n/)
      .filter((line) => !OF_THE_REPOSITORY.test(line) && !ELSEWHERE.test(line));
    wanted ||= lines.some((line) => /^\s*[\w[]/.test(line));
    found.set(path, Buffer.from(lines.join("\n")));
    for (const line of lines) waiting.push(...namedIn(line, path));
  }
  return wanted ? found : new Map();
}

function namedIn(line: string, path: string): string[] {
  const name = NAMED.exec(line)?.[1];
  const place = name === undefined ? undefined : join(dirname(path), name);
  return place === undefined || place.startsWith("..") || place.startsWith("/") ? [] : [place];
}
