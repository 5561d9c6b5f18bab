type Variables = Readonly<Record<string, string>>;

/** Options that several may have a say in, one after the other. */
const JOINED = ["JAVA_TOOL_OPTIONS", "MAVEN_OPTS", "GRADLE_OPTS"];

/** Variables of a set-up's command with those of its way out, which neither take options away nor lose theirs. */
export function stepEnv(env: Variables, way: Variables = {}): Variables {
  const joined = JOINED.filter((name) => name in env && name in way);
  const both = joined.map((name) => [name, `${env[name]} ${way[name]}`]);
  return { ...env, ...way, ...Object.fromEntries(both) };
}
