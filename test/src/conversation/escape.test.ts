import { describe, expect, it } from "vitest";
import {
  cell,
  code,
  fenced,
  inline,
  plain,
  quotation,
  shortened,
} from "../../../src/conversation/escape.ts";
import { seeded } from "../core/seeded.ts";
import { attack } from "./attacks.ts";

const HIDDEN = /[\u200b\u202e\u{e0041}]/u;

describe("inline() makes hostile text words", () => {
  const attacks: readonly (readonly [string, string, string])[] = [
    ["a mention", "ask @octocat/team", "ask @&#8203;octocat/team"],
    ["a mail address", "a@b.test", "a@&#8203;b.test"],
    ["a closing word", "fixes #1, o/r#2, GH-3", "fixes \\#&#8203;1, o/r\\#&#8203;2, GH-&#8203;3"],
    ["an image", "![x](https://evil.test/p.png)", "!\\[x\\](https:&#8203;//evil.test/p.png)"],
    ["a bare address", "www.evil.test http://e.test", "www&#8203;.evil.test http:&#8203;//e.test"],
    ["an autolink", "<https://e.test>", "&lt;https:&#8203;//e.test&gt;"],
    ["HTML", "<img src=x onerror=a()>", "&lt;img src=x onerror=a()&gt;"],
    ["our marker", "<!-- nexus:task=x -->", "&lt;!-- nexus:task=x --&gt;"],
    ["an entity", "&lt;b&gt; &#64;octocat", "&amp;lt;b&amp;gt; &amp;\\#&#8203;64;octocat"],
    ["emphasis", "**bold** _it_ ~~no~~", "\\*\\*bold\\*\\* \\_it\\_ \\~\\~no\\~\\~"],
    ["code", "`a` ```b```", "\\`a\\` \\`\\`\\`b\\`\\`\\`"],
    ["an escaped sign", "\\`a\\*", "\\\\\\`a\\\\\\*"],
    ["a table cell", "a | b", "a \\| b"],
    ["mathematics", "$x$", "&#36;x&#36;"],
    ["a heading", "# big", "\\#&#8203; big"],
    ["a list", "- item", "\\- item"],
    ["a numbered list", "12. item", "12\\. item"],
    ["lines", "a\n\n# b\r\nc", "a \\#&#8203; b c"],
    ["a workflow command", "::error::x", ":&#8203;:error:&#8203;:x"],
    ["bidirectional text", "a\u202eb\u2066c", "abc"],
    ["zero-width characters", "@\u200boctocat", "@&#8203;octocat"],
    ["nothing", "  \n ", ""],
  ];

  it.each(attacks)("%s", (_name, text, expected) => {
    expect(inline(text)).toBe(expected);
  });

  it("whatever it is made of", () => {
    const random = seeded(21);
    for (let round = 0; round < 3_000; round++) {
      const text = inline(attack(random), 300);

      expect(text).not.toMatch(/[\n<>]/);
      expect(text).not.toMatch(HIDDEN);
      expect(text).not.toMatch(/@\w|:\/\/|(?<![a-z0-9])(?:www\.|gh-\d)|(?<!&)#\d/i);
      // Every sign with a meaning stands behind a backslash that is not itself escaped.
      expect(text).not.toMatch(/(?<!\\)(?:\\\\)*[`*_[\]~|]/);
    }
  });
});

describe("code() makes hostile text one span", () => {
  const spans: readonly (readonly [string, string, string])[] = [
    ["plain", "npm test", "`npm test`"],
    ["with backticks", "a `b` c", "``a `b` c``"],
    ["ending in one", "a`", "`` a` ``"],
    ["with lines", "a\nb", "`a b`"],
    ["with our marker", "<!-- nexus:task=1 -->", "`<! -- nexus:task=1 -->`"],
    ["empty", "", "(empty)"],
    ["too long", "x".repeat(300), `\`${"x".repeat(199)}…\``],
  ];

  it.each(spans)("%s", (_name, text, expected) => {
    expect(code(text)).toBe(expected);
  });

  it("that nothing inside can close", () => {
    const random = seeded(22);
    for (let round = 0; round < 2_000; round++) {
      const span = code(attack(random));

      if (span === "(empty)") continue;
      const ticks = /^`+/.exec(span)?.[0] ?? "";
      const inside = span.slice(ticks.length, -ticks.length);
      expect(span).toMatch(/^`+[^\n]*`+$/);
      expect(inside.match(/`+/g)?.map((run) => run.length) ?? []).not.toContain(ticks.length);
    }
  });
});

describe("fenced() makes hostile text one block", () => {
  it("with a longer fence than any inside", () => {
    expect(fenced("a\n```\n@octocat\n````")).toBe("`````text\na\n```\n@octocat\n````\n`````");
  });

  it("without markers, commands of a runner, or characters nobody sees", () => {
    const text = fenced("<!-- nexus:task=x -->\n ::error::no\n##[group]\nab\u202ec\u001b[31m");

    expect(text).toBe("```text\n<! -- nexus:task=x -->\n : :error::no\n## [group]\nabc[31m\n```");
  });

  it("that nothing inside can close", () => {
    const random = seeded(23);
    for (let round = 0; round < 2_000; round++) {
      const lines = fenced(attack(random)).split("\n");
      const fence = lines.at(-1) ?? "";

      expect(fence).toMatch(/^`{3,}$/);
      expect(lines.slice(1, -1).filter((line) => line.includes(fence))).toEqual([]);
    }
  });

  it("in a moment, also when it is all newlines or backticks", () => {
    const started = performance.now();
    fenced(`a${"\n".repeat(500_000)}b`);
    fenced("`".repeat(500_000));

    expect(performance.now() - started).toBeLessThan(10_000);
  });
});

describe("quotation() keeps every line a quote", () => {
  it("of escaped words", () => {
    expect(quotation("please\n\n# fix @ada\r\n<b>")).toBe(
      "> please\n>\n> \\#&#8203; fix @&#8203;ada\n>\n> &lt;b&gt;",
    );
  });

  it("whatever it is made of", () => {
    const random = seeded(24);
    for (let round = 0; round < 2_000; round++) {
      const text = quotation(attack(random));

      for (const line of text === "" ? [] : text.split("\n")) expect(line).toMatch(/^>/);
    }
  });
});

describe("plain() is for where no Markdown protects", () => {
  const titles: readonly (readonly [string, string, string])[] = [
    ["a mention", "ask @octocat", "ask @ octocat"],
    ["a closing word", "fixes #1 and GH-2", "fixes # 1 and GH- 2"],
    [
      "a closing address",
      "closes https://github.com/o/r/issues/1",
      "closes https: //github.com/o/r/issues/1",
    ],
    ["an order to skip the checks", "x [skip ci] ***NO_CI***", "x (skip ci) *NO_CI*"],
    ["a trailer", "x\n\nCo-authored-by: Eve <e@e.test>", "x Co-authored-by: Eve <e@ e.test>"],
    ["a workflow command", "::error::x", ": :error: :x"],
    ["a marker", "<!-- nexus:task=1 -->", "<! -- nexus:task=1 -->"],
    ["too many words", "word ".repeat(40), `${"word ".repeat(14)}w…`],
  ];

  it.each(titles)("%s", (_name, text, expected) => {
    expect(plain(text)).toBe(expected);
  });

  it("whatever it is made of", () => {
    const random = seeded(25);
    for (let round = 0; round < 2_000; round++) {
      const title = plain(attack(random));

      expect(title.length).toBeLessThanOrEqual(72);
      expect(title).not.toMatch(/[\n[\]]|@\w|#\d|(?<![a-z0-9])gh-\d|:\/\/|<!--/i);
      expect(title).not.toMatch(HIDDEN);
    }
  });
});

describe("small print", () => {
  it("a cell's pipes are escaped once", () => {
    expect(cell(`${code("a | b")} ${inline("c | d")}`)).toBe("`a \\| b` c \\| d");
  });

  it("a pipe behind a backslash in code cannot end its cell", () => {
    expect(cell(code("a \\| b"))).toBe("`a \\| b`");
    expect(cell(code("a \\\\| b"))).toBe("`a \\\\\\| b`");
  });

  it("shortening never leaves half a character", () => {
    expect(shortened("abc👍", 5)).toBe("abc👍");
    expect(shortened("abc👍d", 5)).toBe("abc…");
  });
});
