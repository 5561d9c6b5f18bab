import { expect, it } from "vitest";
import { markdown } from "./markdown.ts";

const at = { page: "/ada/sums", root: "" };
const render = (text: string) => markdown(text, at).markup;

it.each([
  [
    "**bold** and _slanted_ and ~~gone~~",
    "<p><strong>bold</strong> and <em>slanted</em> and <del>gone</del></p>",
  ],
  ["snake_case_name 2*3*4", "<p>snake_case_name 2<em>3</em>4</p>"],
  ["## Title ##", "<h3>Title</h3>"],
  ["one\ntwo", "<p>one<br>\ntwo</p>"],
  ["`` a`b `` and `c`", "<p><code>a`b</code> and <code>c</code></p>"],
  [
    "fixes #12 by @bob",
    '<p>fixes <a href="/ada/sums/issues/12">#12</a> by <a class="who" href="/bob">@bob</a></p>',
  ],
  ["mail a@b.c", "<p>mail a@b.c</p>"],
  [
    "[a](https://x.org/?a=1&b=2)",
    '<p><a href="https://x.org/?a=1&amp;b=2" rel="noreferrer nofollow">a</a></p>',
  ],
  [
    "see https://x.org.",
    '<p>see <a href="https://x.org" rel="noreferrer nofollow">https://x.org</a>.</p>',
  ],
  ["\\*no\\* &#36;5 &amp; a & b", "<p>*no* &#36;5 &amp; a &amp; b</p>"],
  ["```js\na < b\n```", "<pre><code>a &lt; b</code></pre>"],
  ["````\n```\n````", "<pre><code>```</code></pre>"],
  [
    "```diff\n+a\n-b\n c\n```",
    '<pre><code><span class="plus">+a</span>\n<span class="minus">-b</span>\n c</code></pre>',
  ],
  ["- a\n- b\n  - c", "<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>"],
  ["3. a\n4. b", '<ol start="3"><li>a</li><li>b</li></ol>'],
  [
    "- [x] a\n- [ ] b",
    '<ul><li class="task"><input type="checkbox" disabled checked> a</li><li class="task"><input type="checkbox" disabled> b</li></ul>',
  ],
  ["> a\n>\n> b", "<blockquote><p>a</p><p>b</p></blockquote>"],
  ["> [!NOTE]\n> a", '<div class="alert note"><p class="alert-title">Note</p><p>a</p></div>'],
  ["a <!-- hidden --> b", "<p>a  b</p>"],
  ["<!-- never closed", ""],
  ["<!-- a\nb -->\nc", "<p>c</p>"],
  ["`<!--` and text", "<p><code>&lt;!--</code> and text</p>"],
  ["a\n- b", "<p>a</p><ul><li>b</li></ul>"],
  ["a\n### b", "<p>a</p><h4>b</h4>"],
  ["&#8203;&unknown", "<p>&#8203;&amp;unknown</p>"],
  ["---", "<hr>"],
  ["<sub>small</sub>", "<p><sub>small</sub></p>"],
  [
    "<details><summary>More</summary>\n\ntext\n\n</details>",
    "<details><summary>More</summary><p>text</p></details>",
  ],
])("renders %j", (text, markup) => {
  expect(render(text)).toBe(markup);
});

it("renders tables with pipes inside cells", () => {
  const markup = render("| a | b |\n| --- | ---: |\n| `x \\| y` | 1 |");

  expect(markup).toBe(
    '<div class="scroll"><table><thead><tr><th>a</th><th class="right">b</th></tr></thead>' +
      '<tbody><tr><td><code>x | y</code></td><td class="right">1</td></tr></tbody></table></div>',
  );
});

it.each([
  "<script>alert(1)</script>",
  "<img src=x onerror=alert(1)>",
  "[a](javascript:alert(1))",
  "[a](data:text/html,x)",
  "![a](javascript:alert(1))",
  '[a](https://x.org/"onmouseover=alert(1))',
  "<details onclick=alert(1)>",
  "<details><summary><b onclick=x>y</b></summary>",
  "</details></div></main>",
  "`<b>`",
  '<https://x.org/"><script>>',
])("lets nothing through that could act: %j", (text) => {
  const tags = [...render(text).matchAll(/<[^>]*>/g)].map(([tag]) => tag);

  expect(tags.join("")).toMatch(
    /^(<\/?(p|code|details|summary)>|<a href="https:\/\/[^"]*" rel="noreferrer nofollow">|<\/a>)*$/,
  );
});

it("closes details that their author left open", () => {
  expect(render("<details>\n\na")).toBe("<details><p>a</p></details>");
});
