import assert from "node:assert/strict";
import { test } from "node:test";
import { createAccount, ValidationError } from "../src/signup.js";

const good = { name: " Ada ", email: " ada@example.org ", age: "36" };

test("trims and converts", () => {
  assert.deepEqual(createAccount(good), { name: "Ada", email: "ada@example.org", age: 36 });
  assert.equal(createAccount({ ...good, age: 13 }).age, 13);
  assert.equal(createAccount({ ...good, age: 130, name: "x".repeat(80) }).age, 130);
});

const bad = [
  [{ ...good, name: "  " }, ["name"]],
  [{ ...good, name: "x".repeat(81) }, ["name"]],
  [{ ...good, name: 7 }, ["name"]],
  [{ ...good, email: "ada" }, ["email"]],
  [{ ...good, email: "a da@example.org" }, ["email"]],
  [{ ...good, email: "ada@example" }, ["email"]],
  [{ ...good, age: 12 }, ["age"]],
  [{ ...good, age: 131 }, ["age"]],
  [{ ...good, age: 20.5 }, ["age"]],
  [{ ...good, age: "" }, ["age"]],
  [{ ...good, age: "12e1" }, ["age"]],
  [{ ...good, age: null }, ["age"]],
  [{}, ["age", "email", "name"]],
  [null, ["age", "email", "name"]],
  [undefined, ["age", "email", "name"]],
  ["text", ["age", "email", "name"]],
];
for (const [input, fields] of bad) {
  test(`refuses ${JSON.stringify(input)}`, () => {
    assert.throws(
      () => createAccount(input),
      (error) => {
        assert.ok(error instanceof ValidationError);
        assert.deepEqual(Object.keys(error.problems).sort(), fields);
        return true;
      },
    );
  });
}
