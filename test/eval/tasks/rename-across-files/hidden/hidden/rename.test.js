import assert from "node:assert/strict";
import { test } from "node:test";
import { readdirSync, readFileSync } from "node:fs";
import * as users from "../src/index.js";

test("only the new name is exported", () => {
  assert.equal(users.displayName({ first: "Ada", last: "L" }), "Ada L");
  assert.deepEqual(Object.keys(users).sort(), ["displayName", "greeting", "rows"]);
});

test("nobody says the old name", () => {
  for (const folder of ["src", "test"]) {
    for (const name of readdirSync(folder)) {
      assert.doesNotMatch(readFileSync(`${folder}/${name}`, "utf8"), /getUsrNm/);
    }
  }
});

test("the README keeps its history", () => {
  const text = readFileSync("README.md", "utf8");
  assert.match(text, /`displayName\(user\)`/);
  assert.match(text, /`getUsrNms` was removed/);
  assert.doesNotMatch(text, /getUsrNm\b/);
});
