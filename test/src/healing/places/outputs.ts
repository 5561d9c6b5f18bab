import type { FailingPlace } from "../../../../src/healing/places/place.ts";

type Told = Partial<Pick<FailingPlace, "file" | "line" | "column" | "code" | "test">> & {
  readonly message: string;
};

/** What a tool writes, and what it complains about first. */
export const OUTPUTS: readonly (readonly [tool: string, output: string, first: Told])[] = [
  [
    "tsc",
    "src/cart.ts(2,14): error TS2322: Type 'string' is not assignable to type 'number'.\n",
    {
      file: "src/cart.ts",
      line: 2,
      column: 14,
      code: "TS2322",
      message: "Type 'string' is not assignable to type 'number'.",
    },
  ],
  [
    "tsc with colours",
    "\u001b[96msrc/cart.ts\u001b[0m:\u001b[93m2\u001b[0m:\u001b[93m14\u001b[0m - \u001b[91merror\u001b[0m\u001b[90m TS2322: \u001b[0mType 'string' is not assignable to type 'number'.\n\n\u001b[7m2\u001b[0m export const a: number = 'x';\n",
    {
      file: "src/cart.ts",
      line: 2,
      column: 14,
      code: "TS2322",
      message: "Type 'string' is not assignable to type 'number'.",
    },
  ],
  [
    "eslint",
    "\n/srv/repo/src/cart.ts\n  1:1   warning  Unexpected console statement  no-console\n  3:9   error    'tmp' is assigned a value but never used  no-unused-vars\n\n✖ 2 problems (1 error, 1 warning)\n",
    {
      file: "src/cart.ts",
      line: 3,
      column: 9,
      code: "no-unused-vars",
      message: "'tmp' is assigned a value but never used",
    },
  ],
  [
    "eslint in the unix format",
    "/srv/repo/src/cart.ts:3:9: 'tmp' is never used. [Error/no-unused-vars]\n\n1 problem\n",
    {
      file: "src/cart.ts",
      line: 3,
      column: 9,
      code: "Error/no-unused-vars",
      message: "'tmp' is never used.",
    },
  ],
  [
    "biome",
    "src/cart.ts:2:12 lint/suspicious/noDoubleEquals  FIXABLE  ━━━━━━━━━━━\n\n  × Using == may be unsafe.\n  \n  > 2 │   return a == 1;\n",
    {
      file: "src/cart.ts",
      line: 2,
      column: 12,
      code: "lint/suspicious/noDoubleEquals",
      message: "Using == may be unsafe.",
    },
  ],
  [
    "vitest",
    " ❯ test/cart.test.ts (1 test | 1 failed) 10ms\n   × cart > adds 8ms\n     → expected -1 to be 5\n\n FAIL  test/cart.test.ts > cart > adds\nAssertionError: expected -1 to be 5 // Object.is equality\n\n- Expected\n+ Received\n\n ❯ test/cart.test.ts:5:23\n      3| describe('cart', () => {\n\n Test Files  1 failed (1)\n",
    {
      file: "test/cart.test.ts",
      line: 5,
      test: "cart > adds",
      message: "AssertionError: expected -1 to be 5 // Object.is equality",
    },
  ],
  [
    "jest",
    "FAIL test/cart.test.ts\n  cart\n    ✕ adds (10 ms)\n\n  ● cart › adds\n\n    expect(received).toBe(expected) // Object.is equality\n\n    Expected: 12\n    Received: 7\n\n    > 4 |     expect(add(3, 4)).toBe(12);\n\n      at Object.toBe (test/cart.test.ts:4:23)\n\nTests:       1 failed, 1 total\n",
    {
      file: "test/cart.test.ts",
      line: 4,
      test: "cart › adds",
      message: "expect(received).toBe(expected) // Object.is equality",
    },
  ],
  [
    "jest that cannot load a suite",
    "FAIL test/cart.test.ts\n  ● Test suite failed to run\n\n    Cannot find module '../src/nope' from 'test/cart.test.ts'\n\n      at Resolver._throw (node_modules/jest-resolve/build/index.js:1031:11)\n      at Object.require (test/cart.test.ts:1:11)\n",
    {
      file: "test/cart.test.ts",
      line: 1,
      message: "Cannot find module '../src/nope' from 'test/cart.test.ts'",
    },
  ],
  [
    "node --test",
    "✖ adds (10.47ms)\n✖ failing tests:\n\ntest at test/cart.test.ts:3:1\n✖ adds (10.47ms)\n  AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:\n  \n  2 !== 3\n  \n      at TestContext.<anonymous> (file:///srv/repo/test/cart.test.ts:4:10)\n      at Test.runInAsyncScope (node:async_hooks:206:9) {\n    generatedMessage: true,\n  }\n",
    {
      file: "test/cart.test.ts",
      line: 4,
      test: "adds",
      message: "AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:",
    },
  ],
  [
    "TAP",
    "TAP version 13\nok 1 - loads\nnot ok 2 - adds\n  ---\n  location: '/srv/repo/test/cart.test.ts:3:1'\n  failureType: 'testCodeFailure'\n  error: 'two is not three'\n  stack: |-\n    TestContext.<anonymous> (file:///srv/repo/test/cart.test.ts:4:10)\n  ...\n",
    { file: "test/cart.test.ts", line: 4, test: "adds", message: "two is not three" },
  ],
  [
    "mocha",
    "  cart\n    1) adds\n\n  0 passing (4ms)\n  1 failing\n\n  1) cart\n       adds:\n\n      AssertionError [ERR_ASSERTION]: 4 == 5\n      at Context.<anonymous> (test/cart.test.ts:4:12)\n      at process.processImmediate (node:internal/timers:483:21)\n",
    {
      file: "test/cart.test.ts",
      line: 4,
      test: "cart adds",
      message: "AssertionError [ERR_ASSERTION]: 4 == 5",
    },
  ],
  [
    "an uncaught error in Node",
    "/srv/repo/src/cart.ts:3\n  throw new Error('empty');\n  ^\n\nError: empty\n    at total (/srv/repo/src/cart.ts:3:9)\n    at Object.<anonymous> (/srv/repo/src/main.ts:7:1)\n    at node:internal/main/run_main_module:28:49\n\nNode.js v24.0.0\n",
    { file: "src/cart.ts", line: 3, message: "Error: empty" },
  ],
  [
    "a module that Node does not find",
    "node:internal/modules/esm/resolve:873\n  throw new ERR_MODULE_NOT_FOUND();\n        ^\n\nError [ERR_MODULE_NOT_FOUND]: Cannot find package 'gone' imported from /srv/repo/src/cart.ts\n    at packageResolve (node:internal/modules/esm/resolve:873:9)\n",
    {
      file: "src/cart.ts",
      message:
        "Error [ERR_MODULE_NOT_FOUND]: Cannot find package 'gone' imported from /srv/repo/src/cart.ts",
    },
  ],
  [
    "pytest",
    "=================================== FAILURES ===================================\n___________________________________ test_add ___________________________________\n\n    def test_add():\n>       assert add(2, 3) == 5\nE       assert -1 == 5\nE        +  where -1 = add(2, 3)\n\ntests/test_cart.py:5: AssertionError\n=========================== short test summary info ============================\nFAILED tests/test_cart.py::test_add - assert -1 == 5\n",
    { file: "tests/test_cart.py", line: 5, test: "test_add", message: "assert -1 == 5" },
  ],
  [
    "pytest below a test",
    "__________________________________ test_load ___________________________________\n\n    def test_load():\n>       load({})\n\ntests/test_cart.py:6: \n_ _ _ _ _ _ _ _\n\n    def load(d):\n>       return d['k']\nE       KeyError: 'k'\n\napp/cart.py:2: KeyError\n",
    { file: "app/cart.py", line: 2, test: "test_load", message: "KeyError: 'k'" },
  ],
  [
    "unittest",
    '======================================================================\nFAIL: test_total (tests.test_cart.TestCart.test_total)\n----------------------------------------------------------------------\nTraceback (most recent call last):\n  File "/srv/repo/tests/test_cart.py", line 6, in test_total\n    self.assertEqual(2 * 3, 7)\nAssertionError: 6 != 7\n\n----------------------------------------------------------------------\nRan 1 test in 0.001s\n',
    { file: "tests/test_cart.py", line: 6, test: "test_total", message: "AssertionError: 6 != 7" },
  ],
  [
    "a Python traceback",
    'Traceback (most recent call last):\n  File "/srv/repo/app/main.py", line 9, in <module>\n    total([])\n  File "/srv/repo/app/cart.py", line 3, in total\n    raise Empty("nothing")\n  File "/usr/lib/python3.11/json/decoder.py", line 355, in decode\napp.cart.Empty: nothing\n',
    { file: "app/cart.py", line: 3, message: "app.cart.Empty: nothing" },
  ],
  [
    "python that cannot be parsed",
    "  File \"/srv/repo/app/cart.py\", line 2\n    return (a +\n           ^\nSyntaxError: '(' was never closed\n",
    { file: "app/cart.py", line: 2, message: "SyntaxError: '(' was never closed" },
  ],
  [
    "mypy",
    'app/cart.py:5: error: Incompatible return value type (got "int", expected "str")  [return-value]\n',
    {
      file: "app/cart.py",
      line: 5,
      code: "return-value",
      message: 'Incompatible return value type (got "int", expected "str")',
    },
  ],
  [
    "ruff",
    "F401 [*] `os` imported but unused\n --> app/cart.py:1:8\n  |\n1 | import os\n",
    {
      file: "app/cart.py",
      line: 1,
      column: 8,
      code: "F401",
      message: "`os` imported but unused",
    },
  ],
  [
    "go build",
    "# example.com/app\n./cart/cart.go:4:10: undefined: count\n",
    { file: "cart/cart.go", line: 4, column: 10, message: "undefined: count" },
  ],
  [
    "go vet",
    "# example.com/app\nvet: ./cart/cart.go:4:2: undefined: count\n",
    { file: "cart/cart.go", line: 4, column: 2, message: "undefined: count" },
  ],
  [
    "go test",
    "--- FAIL: TestAdd (0.00s)\n    --- FAIL: TestAdd/two (0.00s)\n        cart_test.go:10: got 3, want 4\nFAIL\nFAIL\texample.com/app/cart\t0.002s\n",
    { file: "cart/cart_test.go", line: 10, test: "TestAdd/two", message: "got 3, want 4" },
  ],
  [
    "a Go panic",
    "panic: runtime error: index out of range [1] with length 1\n\ngoroutine 1 [running]:\nmain.first(...)\n\t/srv/repo/cart/cart.go:6\nmain.main()\n\t/srv/repo/main.go:9 +0x1d\nexit status 2\n",
    {
      file: "cart/cart.go",
      line: 6,
      message: "panic: runtime error: index out of range [1] with length 1",
    },
  ],
  [
    "rustc",
    "   Compiling app v0.1.0 (/srv/repo)\nerror[E0308]: mismatched types\n --> src/lib.rs:2:5\n  |\n1 | fn port() -> u16 {\n\nerror: could not compile `app` (lib) due to 1 previous error\n",
    { file: "src/lib.rs", line: 2, column: 5, code: "E0308", message: "mismatched types" },
  ],
  [
    "cargo test",
    "running 1 test\ntest tests::adds ... FAILED\n\nfailures:\n\n---- tests::adds stdout ----\n\nthread 'tests::adds' (3713) panicked at src/lib.rs:9:9:\nassertion `left == right` failed\n  left: 3\n right: 4\n\nfailures:\n    tests::adds\n",
    {
      file: "src/lib.rs",
      line: 9,
      column: 9,
      test: "tests::adds",
      message: "assertion `left == right` failed",
    },
  ],
  [
    "javac",
    "src/main/java/app/Cart.java:5: error: cannot find symbol\n    int n = cnt + 1;\n            ^\n  symbol:   variable cnt\n1 error\n",
    { file: "src/main/java/app/Cart.java", line: 5, message: "cannot find symbol" },
  ],
  [
    "maven",
    "[INFO] BUILD FAILURE\n[ERROR] /srv/repo/src/main/java/app/Cart.java:[5,12] cannot find symbol\n",
    { file: "src/main/java/app/Cart.java", line: 5, column: 12, message: "cannot find symbol" },
  ],
  [
    "surefire",
    "[ERROR] app.CartTest.adds -- Time elapsed: 0.020 s <<< FAILURE!\norg.opentest4j.AssertionFailedError: expected: <2> but was: <3>\n\tat org.junit.jupiter.api.AssertionUtils.fail(AssertionUtils.java:55)\n\tat app.CartTest.adds(CartTest.java:9)\n",
    {
      file: "src/test/java/app/CartTest.java",
      line: 9,
      test: "app.CartTest.adds",
      message: "org.opentest4j.AssertionFailedError: expected: <2> but was: <3>",
    },
  ],
  [
    "gradle",
    "CartTest > adds() FAILED\n    org.opentest4j.AssertionFailedError at CartTest.java:9\n",
    {
      file: "src/test/java/app/CartTest.java",
      line: 9,
      test: "CartTest > adds()",
      message: "org.opentest4j.AssertionFailedError",
    },
  ],
  [
    "gcc",
    "In file included from src/cart.h:1,\ncart.c:4:3: warning: unused variable 'x' [-Wunused-variable]\ncart.c:5:3: error: 'y' undeclared (first use in this function)\ncart.c:5:3: note: each undeclared identifier is reported only once\n",
    {
      file: "cart.c",
      line: 5,
      column: 3,
      message: "'y' undeclared (first use in this function)",
    },
  ],
  [
    "a path of Windows",
    "C:\\srv\\repo\\src\\cart.ts(2,14): error TS1005: ';' expected.\n",
    { file: "src/cart.ts", line: 2, column: 14, code: "TS1005", message: "';' expected." },
  ],
  [
    "a formatter",
    "Checking formatting...\n[warn] src/cart.ts\n[warn] Code style issues found in the above file.\n",
    { file: "src/cart.ts", message: "" },
  ],
];

/** The files of the repository that the outputs speak of. */
export const FILES: readonly string[] = [
  "cart.c",
  "main.go",
  "cart/cart.go",
  "cart/cart_test.go",
  "app/cart.py",
  "app/main.py",
  "src/cart.ts",
  "src/lib.rs",
  "src/main.ts",
  "src/main/java/app/Cart.java",
  "src/test/java/app/CartTest.java",
  "test/cart.test.ts",
  "tests/test_cart.py",
];
