const IS_SECRET = /(?:KEY|SECRET|TOKEN|PASSWORD)$/;
const IS_ADDRESS = /_URL$/;

/** The values of settings that are secrets by their names, and the passwords in addresses. */
export function secretsIn(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value = ""]) => {
    if (IS_SECRET.test(name)) return [value, ...value.split("\n")];
    if (!IS_ADDRESS.test(name) || !URL.canParse(value)) return [];
    const { password } = new URL(value);
    return [password, decoded(password)];
  });
}

function decoded(password: string): string {
  try {
    return decodeURIComponent(password);
  } catch {
    return password;
  }
}
