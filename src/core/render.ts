const VARIABLE = /\{\{(?<name>[^{}]*)\}\}/g;

/** A prompt with its variables filled in. Throws on a variable without a value and on a value without a variable. */
export function render(template: string, values: Readonly<Record<string, string>>): string {
  const unused = new Set(Object.keys(values));
  // One pass: what a value says is never looked at for variables.
  const text = template.replace(VARIABLE, (_, name: string) => {
    const value = Object.hasOwn(values, name) ? values[name] : undefined;
    if (value === undefined) throw new Error(`The prompt has an unknown variable "${name}".`);
    unused.delete(name);
    return value;
  });
  if (unused.size > 0) throw new Error(`The prompt does not use ${[...unused].join(", ")}.`);
  return text;
}
