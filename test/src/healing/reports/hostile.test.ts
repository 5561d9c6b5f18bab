import { describe, expect, it } from "vitest";
import { type ReportFormat, readReport } from "../../../../src/healing/reports/read-report.ts";
import { seeded } from "../../core/seeded.ts";

const FORMATS: readonly ReportFormat[] = ["junit", "tap", "jest-json", "go-test-json"];
const LAUGHS = Array.from(
  { length: 10 },
  (_, level) => `<!ENTITY l${level + 1} "${`&l${level};`.repeat(10)}">`,
).join("");
const cases = (count: number) => '<testcase name="x"/>'.repeat(count);
const suite = (content: string) => `<testsuite>${content}</testsuite>`;
const jest = (changes: object) =>
  JSON.stringify({
    numTotalTests: 1,
    numPassedTests: 1,
    numFailedTests: 0,
    numPendingTests: 0,
    ...changes,
  });

describe("no totals are taken from", () => {
  const reports: readonly (readonly [string, ReportFormat, string])[] = [
    [
      "an entity of a file",
      "junit",
      '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><testsuite>&f;</testsuite>',
    ],
    ["a billion laughs", "junit", `<!DOCTYPE x [<!ENTITY l0 "ha">${LAUGHS}]>${suite("&l10;")}`],
    [
      "a document type from elsewhere",
      "junit",
      '<!DOCTYPE x SYSTEM "http://evil.test/x.dtd"><testsuite/>',
    ],
    ["an entity nobody declared", "junit", suite("&f;")],
    ["a page", "junit", "<html><testcase/></html>"],
    ["a report that ends early", "junit", `<testsuite>${cases(2)}`],
    ["two reports in one", "junit", suite(cases(1)) + suite(cases(1))],
    ["cases inside cases", "junit", suite("<testcase><testcase/></testcase>")],
    ["a tower of suites", "junit", "<testsuite>".repeat(200) + "</testsuite>".repeat(200)],
    ["a tower cut off", "junit", "<testsuite>".repeat(1_000_000)],
    ["bytes that are no XML", "junit", suite("\u0000")],
    ["nothing, as XML", "junit", ""],
    ["an array", "jest-json", "[]"],
    ["null", "jest-json", "null"],
    ["a number for a report", "jest-json", "1"],
    ["a tower of arrays", "jest-json", "[".repeat(1_000_000)],
    ["a negative count", "jest-json", jest({ numPassedTests: -1 })],
    ["half a test", "jest-json", jest({ numPassedTests: 0.5 })],
    ["a huge count", "jest-json", jest({ numPassedTests: 1e300 })],
    ["more than a million", "jest-json", jest({ numPassedTests: 1_000_001 })],
    ["a count that is none", "jest-json", jest({ numFailedTests: null })],
    ["a count as text", "jest-json", jest({ numFailedTests: "0" })],
    ["not a number", "jest-json", jest({}).replace('"numPassedTests":1', '"numPassedTests":NaN')],
    ["a report without failures", "jest-json", jest({ numFailedTests: undefined })],
    ["a plan that was not kept", "tap", "TAP version 14\n1..2\nok 1\n"],
    ["more points than planned", "tap", "1..1\nok 1\nok 2\n"],
    ["no plan", "tap", "TAP version 14\nok 1\n"],
    ["an empty plan in some output", "tap", "1..0\n"],
    ["a huge plan", "tap", "TAP version 14\n1..99999999999999999999\n"],
    [
      "sums beyond a million",
      "tap",
      "TAP version 13\n1..1\nok 1\n# pass 9999999\n# fail 0\n# cancelled 0\n# skipped 0\n# todo 0\n",
    ],
    ["sums with a gap", "tap", "TAP version 13\n1..1\nok 1\n# pass 1\n# cancelled 0\n"],
    [
      "sums of two streams",
      "tap",
      "1..1\nok 1\n# cancelled 0\n1..1\nok 1\n# pass 1\n# fail 0\n# cancelled 0\n# skipped 0\n# todo 0\n",
    ],
    ["words that only look so", "tap", "ok\nok then\n1...3\nall 5 tests passed\n"],
    ["events of no package", "go-test-json", '{"Action":"pass","Test":"TestA"}\n'],
    ["a run without an end", "go-test-json", '{"Action":"run","Package":"a","Test":"TestA"}\n'],
    ["other JSON", "go-test-json", '{"level":30}\n{"Action":1}\n[]\n{'],
  ];

  it.each(reports)("%s", (_name, format, report) => {
    expect(readReport(format, report)).toBeUndefined();
  });

  it.each(FORMATS)("more than 20 MB, as %s", (format) => {
    const report = suite(cases(1)) + " ".repeat(20 * 1024 * 1024);

    expect(readReport(format, report)).toBeUndefined();
  });

  it("more than a million cases", () => {
    const many = suite("<testcase/>".repeat(1_000_001));

    expect(readReport("junit", many)).toBeUndefined();
    expect(readReport("junit", suite("<testcase/>".repeat(1_000_000)))).toMatchObject({
      passed: 1_000_000,
    });
  }, 120_000);

  it.each(FORMATS)("random pieces of reports, which never throw, as %s", (format) => {
    const random = seeded(7);
    const pieces = Array.from('<>/&;"\n #{}[]:,0-').concat(
      ["<testsuite>", "</testsuite>", "<testcase", "ok 1", "not ok 2", "1..2", "# pass 1"],
      ['"numPassedTests"', '{"Action":"pass"', '"Package":"p"', "\ud800", "\u0000", "<!DOCTYPE"],
    );

    for (let round = 0; round < 500; round++) {
      const report = random.text(pieces, random.int(40));
      expect(() => readReport(format, report)).not.toThrow();
      expect(() => readReport(format, new TextEncoder().encode(report))).not.toThrow();
    }
  });
});

describe("a report counts", () => {
  it("its cases, whatever it says of their number", () => {
    const report = `<testsuites tests="-5" failures="NaN"><testsuite tests="1e9">${cases(2)}</testsuite></testsuites>`;

    expect(readReport("junit", report)).toEqual({
      format: "junit",
      passed: 2,
      failed: 0,
      skipped: 0,
    });
  });

  it("a case that failed twice, or failed and was skipped, as one that failed", () => {
    const report = suite(
      "<testcase><failure/><error/></testcase><testcase><failure/><skipped/></testcase><testcase><skipped/><error/></testcase>",
    );

    expect(readReport("junit", report)).toMatchObject({ passed: 0, failed: 3, skipped: 0 });
  });

  it("outer points where a runner has no sums of its own", () => {
    const report =
      "TAP version 14\r\n# Subtest: a\r\n    ok 1 - inner\r\n    1..1\r\nok 1 - a\r\nnot ok 2 - b # TODO later\r\nok 3 # SKIP\r\nok 4 - mentions \\# skip\r\n1..4\r\n";

    expect(readReport("tap", report)).toEqual({ format: "tap", passed: 2, failed: 0, skipped: 2 });
  });

  it("nothing where everything is skipped", () => {
    expect(readReport("tap", "TAP version 13\n1..0 # SKIP no network\n")).toMatchObject({
      passed: 0,
      failed: 0,
      skipped: 0,
    });
  });

  it("a Go test that never ended as failed, and tests of one name in two packages as two", () => {
    const report = [
      '{"Action":"run","Package":"a","Test":"TestA"}',
      "panic: not JSON",
      '{"Action":"fail","Package":"a"}',
      '{"Action":"pass","Package":"a/b","Test":"TestA"}',
      '{"Action":"pass","Package":"a/b"}',
    ].join("\n");

    expect(readReport("go-test-json", report)).toMatchObject({ passed: 1, failed: 1, skipped: 0 });
  });
});
