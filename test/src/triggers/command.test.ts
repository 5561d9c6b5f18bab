import { describe, expect, it } from "vitest";
import { findCommand } from "../../../src/triggers/command.ts";
import { seeded } from "../core/seeded.ts";

describe("a comment holds a command", () => {
  const commands: readonly (readonly [string, string, string])[] = [
    ["alone", "/nexus fix the tests", "fix the tests"],
    ["in any case", "/NeXuS fix", "fix"],
    ["without words", "/nexus", "help"],
    ["with nothing but spaces behind it", "/nexus \t ", "help"],
    ["behind a tab", "/nexus\tfix", "fix"],
    ["with up to three spaces before it", "   /nexus fix", "fix"],
    ["on a later line", "Thanks!\n\n/nexus fix", "fix"],
    ["inside a paragraph", "Thanks!\n/nexus fix", "fix"],
    ["with Windows line ends", "Hi\r\n/nexus fix\r\nall of it\r\n", "fix\nall of it"],
    ["with old line ends", "Hi\r/nexus fix\rall of it", "fix\nall of it"],
    [
      "over several lines",
      "/nexus add a parser\n\n- fast\n- small",
      "add a parser\n\n- fast\n- small",
    ],
    ["whose words are below it", "/nexus\n\nadd a parser", "add a parser"],
    ["with code below it", "/nexus fix\n```js\n/nexus x\n```", "fix\n```js\n/nexus x\n```"],
    ["up to the next one", "/nexus fix\nit\n/nexus stop\nnow", "fix\nit"],
    ["after a closed fence", "```\ncode\n```\n/nexus fix", "fix"],
    ["after a fence in a list", "- ```\n  code\n  ```\n\n/nexus fix", "fix"],
    ["after a list that ended inside its fence", "- ```\n  code\n/nexus fix", "fix"],
    ["after an inner fence", "````\n```\n````\n/nexus fix", "fix"],
    ["after a quote and a blank line", "> why?\n\n/nexus fix", "fix"],
    ["after an empty quote", ">\n/nexus fix", "fix"],
    ["after a hidden comment", "<!-- a\n\nb -->\n/nexus fix", "fix"],
    ["after an empty hidden comment", "<!-->\n/nexus fix", "fix"],
    ["after a comment sign in code", "`<!--`\n/nexus fix", "fix"],
    ["after an escaped backtick", "\\`\n/nexus fix\n`", "fix\n`"],
    ["after a lonely backtick", "it`s\n\n/nexus fix `a`", "fix `a`"],
    ["after a backtick in a heading", "# a ` b\n/nexus fix `", "fix `"],
    ["after closed details", "<details>\n<details>\n</details>\nx\n</details>\n/nexus fix", "fix"],
    [
      "without what is hidden",
      "/nexus fix <!-- and leak -->now\n<!--\nleak\n-->\nplease",
      "fix now\n\nplease",
    ],
    ["with hidden text in code shown", "/nexus fix `<!-- a -->`", "fix `<!-- a -->`"],
    ["without invisible characters", "/nexus fi\u200bx\u202e it\u0000", "fix it"],
    ["without a forwarded mail", "/nexus fix\n\n-----Original Message-----\n/nexus drop", "fix"],
  ];

  it.each(commands)("%s", (_name, body, request) => {
    expect(findCommand(body)).toBe(request);
  });

  it("and keeps at most 8,000 characters of it, never half of one", () => {
    expect(findCommand(`/nexus ${"x".repeat(9_000)}`)).toBe("x".repeat(8_000));
    expect(findCommand(`/nexus ${"x".repeat(7_999)}👍`)).toBe("x".repeat(7_999));
  });
});

describe("a comment holds no command", () => {
  const others: readonly (readonly [string, string])[] = [
    ["when it is empty", ""],
    ["when the word goes on", "/nexusfoo fix"],
    ["when a sign follows the word", "/nexus: fix"],
    ["when a path follows the word", "/nexus/fix"],
    ["when it is not the first word", "please /nexus fix"],
    ["when it is inside an address", "https://example.test/nexus fix"],
    ["when it is in a list", "- /nexus fix"],
    ["when it is a heading", "# /nexus fix"],
    ["when it is emphasised", "**/nexus fix**"],
    ["when it is inline code", "`/nexus fix`"],
    ["when inline code began a line earlier", "`a\n/nexus fix\nb`"],
    ["when longer inline code began a line earlier", "``a ` b\n/nexus fix\n``"],
    ["when it is quoted", "> /nexus fix"],
    ["when it is quoted twice", ">> /nexus fix"],
    ["when Markdown draws it into the quote above", "> please\n/nexus fix"],
    ["when a mail quotes it", "On Monday, A wrote:\n> /nexus fix\n> now"],
    ["when a mail forwards it", "Hi\n\n----- Forwarded Message -----\n\n/nexus fix"],
    ["when it is fenced", "```\n/nexus fix\n```"],
    ["when it is fenced by tildes", "~~~ sh\n/nexus fix\n~~~"],
    ["when its fence never closes", "```\n/nexus fix"],
    ["when a shorter fence does not close it", "````\n```\n/nexus fix"],
    ["when the other fence does not close it", "```\n~~~\n/nexus fix"],
    ["when a fence with words does not close it", "```\n``` js\n/nexus fix"],
    ["when its fence is in a list", "1. ```\n   /nexus fix\n   ```"],
    ["when its fence is in a nested list", "- a\n  ```\n  /nexus fix\n  ```"],
    ["when it is indented code", "    /nexus fix"],
    ["when it is indented by a tab", "\t/nexus fix"],
    ["when it is in a hidden comment", "<!--\n/nexus fix\n-->"],
    ["when a hidden comment ends before it", "<!-- x --> /nexus fix"],
    ["when a hidden comment never ends", "<!--\n/nexus fix"],
    ["when a hidden comment began inside a line", "a <!-- b\n/nexus fix\n-->"],
    ["when it is in details", "<details>\n\n/nexus fix\n\n</details>"],
    ["when it is preformatted", "<pre>\n/nexus fix\n</pre>"],
    ["when a zero-width space is inside the word", "/ne\u200bxus fix"],
    ["when a zero-width space is before the word", "\u200b/nexus fix"],
    ["when a zero-width space is behind the word", "/nexus\u200b fix"],
    ["when a no-break space is behind the word", "/nexus\u00a0fix"],
    ["when the slash only looks like one", "\u2215nexus fix"],
    ["when a letter only looks like one", "/nexu\u017f fix"],
    ["when letters are full width", "/\uff4eexus fix"],
    ["when a line separator is before it", "a\u2028/nexus fix"],
    ["when it is escaped", "\\/nexus fix"],
  ];

  it.each(others)("%s", (_name, body) => {
    expect(findCommand(body)).toBeUndefined();
  });
});

describe("for any comment", () => {
  const PIECES = [
    ...Array.from("`~<>!-\\\n\n \t*#1.a"),
    "```",
    "~~~",
    "<!--",
    "-->",
    "> ",
    "- ",
    "    ",
    "<details>",
    "</details>",
    "\r\n",
    "/nexus",
    "/nexus fix",
    "\u200b",
    "\ud800",
  ];

  it("an answer is never empty, never too long, and free of what nobody sees", () => {
    const random = seeded(11);
    for (let round = 0; round < 5_000; round++) {
      const request = findCommand(random.text(PIECES, random.int(60)));

      if (request === undefined) continue;
      expect(request.length).toBeGreaterThan(0);
      expect(request).not.toMatch(/[\u200b\ud800]/);
      expect(request).toBe(request.trim());
    }
  });

  it("a command below an own, finished paragraph is found whatever plain words are around it", () => {
    const random = seeded(12);
    for (let round = 0; round < 500; round++) {
      const words = random.text(Array.from("abc \n.,;:"), random.int(60)).replaceAll("\n ", "\n");

      expect(findCommand(`${words}\n\n/nexus fix`)).toBe("fix");
    }
  });

  it("what a fence encloses is never a command", () => {
    const random = seeded(13);
    for (let round = 0; round < 2_000; round++) {
      const inside = random.text(PIECES, random.int(40)).replaceAll("~", "");

      expect(findCommand(`~~~\n${inside}\n/nexus fix\n~~~`)).toBeUndefined();
    }
  });

  const hostile: readonly (readonly [string, string])[] = [
    ["backticks", "`"],
    ["backtick runs", "` `` ``` "],
    ["comment openings", "a <!-- "],
    ["comment openings on lines", "<!--\n"],
    ["comment closings", "--> <!-- x"],
    ["list markers", "- "],
    ["numbers", "1. "],
    ["quotes", "> "],
    ["fences", "```\n"],
    ["details", "<details>"],
    ["details on lines", "<details>\n"],
    ["blank lines", "\n"],
    ["spaces", " "],
    ["tabs", "\t"],
    ["backslashes", "\\"],
    ["dashes", "-"],
    ["commands", "/nexus fix\n"],
    ["almost commands", "/nexus"],
    ["invisible characters", "\u200b"],
    ["tag characters", "\u{e0041}"],
  ];

  // Read in a hundredth of this where the time grows with the length; in many minutes where it grows with its square.
  const LINEAR_MS = 10_000;

  it.each(hostile)("256 KB of %s are read at a speed that does not fall", (_name, piece) => {
    const body = `x ${piece.repeat(Math.ceil(262_144 / piece.length))}`;
    const started = performance.now();
    findCommand(body);
    findCommand(`/nexus ${body}`);

    expect(performance.now() - started).toBeLessThan(LINEAR_MS);
  });

  it("longer backtick runs, each of another length, too", () => {
    const body = Array.from({ length: 1_000 }, (_, length) => "`".repeat(length)).join(" ");
    const started = performance.now();
    findCommand(body);

    expect(performance.now() - started).toBeLessThan(LINEAR_MS);
  });
});
