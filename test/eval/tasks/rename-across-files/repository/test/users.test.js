import assert from "node:assert/strict";
import { test } from "node:test";
import { getUsrNm, greeting, rows } from "../src/index.js";

const ada = { id: 1, first: "Ada", last: "Lovelace" };

test("getUsrNm prefers the nick", () => {
  assert.equal(getUsrNm({ ...ada, nick: "al" }), "al");
  assert.equal(getUsrNm(ada), "Ada Lovelace");
});
test("greets", () => assert.equal(greeting(ada), "Hello Ada Lovelace!"));
test("tabulates", () => assert.deepEqual(rows([ada]), [[1, "Ada Lovelace"]]));
