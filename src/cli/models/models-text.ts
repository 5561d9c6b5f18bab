import type { RoleLists, TriedModel } from "./try-models.ts";

interface Told {
  readonly roles: RoleLists<{ provider: string; model: string }>;
  readonly warnings: readonly string[];
  readonly tried: readonly TriedModel[];
}

/** The lists and what came of the calls, for a person at a terminal. Nothing in it acts. */
export function modelsText({ roles, warnings, tried }: Told): string {
  const longest = Math.max(...Object.keys(roles).map((role) => role.length));
  const lists = Object.entries(roles).map(([role, list]) => {
    const names = list.map(({ provider, model }) => `${provider}:${model}`).join(", ");
    return `${role.padEnd(longest)}  ${names || "none"}`;
  });
  const warned = warnings.flatMap((warning) => ["", `warning  ${warning}`]);
  const text = [...lists, ...warned, "", ...tried.flatMap(linesOf)].join("\n");
  return `${text.replace(/[^\P{Cc}\n]|\p{Cf}/gu, "?")}\n`;
}

function linesOf(tried: TriedModel): readonly string[] {
  const name = `${tried.provider}:${tried.model}`;
  const time = `${tried.latencyMs} ms`;
  if (!tried.ok) {
    const { code, message, hint } = tried;
    const advice = hint === undefined ? [] : [`  ${oneLine(hint)}`];
    return [`error  ${name}  ${time}  ${code}`, `  ${oneLine(message)}`, ...advice];
  }
  const { usage, servedBy } = tried;
  const input = usage.input + usage.cachedInput + (usage.cacheWrite ?? 0);
  const other =
    servedBy === undefined || servedBy === tried.model ? "" : `  as ${oneLine(servedBy)}`;
  return [`ok     ${name}  ${time}  ${input} tokens in, ${usage.output} out${other}`];
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
