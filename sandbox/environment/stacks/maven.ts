import { join } from "node:path/posix";
import { INSTALLED, present, type Stack, type TreeFiles } from "./stack.ts";

const REPOSITORY = `-Dmaven.repo.local=${INSTALLED}/m2`;
const DEEPEST = 5;

/** Maven: all that its build would fetch. Its plugins run while fetching, which Maven cannot do without. */
export const maven: Stack = (files) => {
  if (!files.has("pom.xml")) return undefined;
  return {
    stack: "maven",
    program: "mvn",
    files: present(files, [...pomsOf(files, ""), ".mvn/maven.config"]),
    fetch: ["mvn --batch-mode --quiet dependency:go-offline"],
    build: [],
    env: { MAVEN_OPTS: REPOSITORY },
    path: [],
    layers: [],
  };
};

function pomsOf(files: TreeFiles, folder: string, depth = 0): string[] {
  const pom = join(folder, "pom.xml");
  const text = depth > DEEPEST ? "" : (files.text(pom) ?? "");
  const modules = [...text.matchAll(/<module>\s*([\w./-]+?)\s*<\/module>/g)];
  return [
    pom,
    ...modules.flatMap(([, name]) => pomsOf(files, join(folder, name ?? ""), depth + 1)),
  ];
}
