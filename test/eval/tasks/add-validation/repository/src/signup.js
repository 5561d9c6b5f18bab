/** Makes an account of what a form sends. */
export function createAccount(input) {
  return { name: input.name, email: input.email, age: Number(input.age) };
}
