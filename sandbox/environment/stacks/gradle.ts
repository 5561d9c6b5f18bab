import { join } from "node:path/posix";
import { INSTALLED, MOST_MEMBERS, present, type Stack, type TreeFiles } from "./stack.ts";

const HOME = `${INSTALLED}/gradle`;
const BUILDS = ["build.gradle", "build.gradle.kts"];
const ROOT = [
  ...BUILDS,
  "settings.gradle",
  "settings.gradle.kts",
  "gradle.properties",
  "gradle/libs.versions.toml",
  "gradlew",
  "gradle/wrapper/gradle-wrapper.properties",
  "gradle/wrapper/gradle-wrapper.jar",
];

// Asks every configuration for its files, which brings them here.
const FETCH_ALL = `cat >/tmp/fetch.gradle <<'GROOVY'
allprojects { tasks.register("nexusFetch") { doLast {
  configurations.findAll { it.canBeResolved }.each { try { it.files } catch (Exception e) { println e.message } }
} } }
GROOVY`;

/** Gradle, by the wrapper's version where there is one. Build files are programs, so they run while fetching. */
export const gradle: Stack = (files) => {
  if (!BUILDS.some((name) => files.has(name))) return undefined;
  const wrapped = files.has("gradlew");
  const program = wrapped ? "sh ./gradlew" : "gradle";
  return {
    stack: "gradle",
    program: wrapped ? "java" : "gradle",
    files: present(files, [...ROOT, ...membersOf(files)]),
    fetch: [FETCH_ALL, `${program} --no-daemon --quiet -I /tmp/fetch.gradle nexusFetch`],
    // The wrapper writes beside what it has fetched; the program itself does not.
    build: wrapped ? [`ln -sfn ${HOME}/wrapper/dists/*/*/gradle-*/bin ${HOME}/bin`] : [],
    env: {},
    setUpEnv: { GRADLE_USER_HOME: HOME },
    runEnv: { GRADLE_RO_DEP_CACHE: `${HOME}/caches` },
    path: [`${HOME}/bin`],
    layers: [],
  };
};

function membersOf(files: TreeFiles): string[] {
  const settings = ["settings.gradle", "settings.gradle.kts"].map((name) => files.text(name) ?? "");
  const includes = settings.flatMap((text) => [...text.matchAll(/^[ \t]*include\b(.*)$/gm)]);
  const names = includes.flatMap(([, rest]) => [...(rest ?? "").matchAll(/["']:?([\w:.-]+)["']/g)]);
  const folders = names.map(([, name]) => (name ?? "").replaceAll(":", "/"));
  const members = [...new Set(folders)].slice(0, MOST_MEMBERS);
  return members.flatMap((folder) => BUILDS.map((name) => join(folder, name)));
}
