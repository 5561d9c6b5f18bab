import assert from "node:assert/strict";
import { test } from "node:test";
import { main } from "../src/cli.js";

function printed(args) {
  let text = "";
  const code = main(args, { write: (more) => (text += more) });
  return { code, text };
}

test("prints lines, words and name", () => {
  const { code, text } = printed(["test/sample.txt"]);

  assert.equal(code, 0);
  assert.equal(text, "2 5 test/sample.txt\n");
});

test("refuses an unknown option", () => {
  assert.equal(printed(["--nope"]).code, 2);
});
