import assert from "node:assert/strict";
import { test } from "node:test";
import { createAccount } from "../src/signup.js";

test("makes an account", () => {
  const account = createAccount({ name: "Ada", email: "ada@example.org", age: "36" });
  assert.deepEqual(account, { name: "Ada", email: "ada@example.org", age: 36 });
});
