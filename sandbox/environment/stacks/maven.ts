import { dirname, join } from "node:path/posix";
import { INSTALLED, MOST_MEMBERS, present, type Stack, type TreeFiles } from "./stack.ts";

const REPOSITORY = `-Dmaven.repo.local=${INSTALLED}/m2`;

/** Maven: all that its build would fetch. Its plugins run while fetching, which Maven cannot do without. */
export const maven: Stack = (files) => {
  if (!files.has("pom.xml")) return undefined;
  return {
    stack: "maven",
    program: "mvn",
    files: present(files, [...pomsOf(files), ".mvn/maven.config"]),
    fetch: ["mvn --batch-mode --quiet dependency:go-offline"],
    build: [],
    env: { MAVEN_OPTS: REPOSITORY },
    path: [],
    layers: [],
  };
};

/** The poms that are reached from the root's, each once. */
function pomsOf(files: TreeFiles): string[] {
  const found = new Set(["pom.xml"]);
  for (const pom of found) {
    const text = files.text(pom) ?? "";
    for (const [, name = ""] of text.matchAll(/<module>\s*([\w./-]+?)\s*<\/module>/g)) {
      // A module is a folder, or names its file.
      const place = join(dirname(pom), name);
      const next = place.endsWith(".xml") ? place : join(place, "pom.xml");
      if (found.size < MOST_MEMBERS && !next.startsWith("..")) found.add(next);
    }
  }
  return [...found];
}
