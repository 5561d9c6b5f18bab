import { describe, expect, it } from "vitest";
import { type Hit, retrieve } from "../../../src/context/retrieve.ts";
import { termsOf } from "../../../src/context/terms.ts";

const FILES: Readonly<Record<string, string>> = {
  "README.md": "# Shop\nA total is a sum.\n",
  "package-lock.json": "total total cartTotal\n",
  "src/cart/total.ts": "import { sum } from './sum.ts';\nexport function cartTotal(cart) {\n}\n",
  "src/cart/sum.ts": "export const sum = (a, b) => a + b;\n",
  "src/app.ts": "import { cartTotal } from './cart/total.ts';\nprint(cartTotal(cart));\n",
  "src/index.ts": "export {};\n",
  "src/api/index.ts": "export {};\n",
  "src/api/orders.ts": "export class OrderStore {\n  find() {}\n}\n",
  "test/cart/total.test.ts": "it('adds', () => cartTotal([]));\n",
};
const paths = Object.keys(FILES);

/** What a search for any of the terms would give. */
function hitsFor(terms: ReturnType<typeof termsOf>): Hit[] {
  return Object.entries(FILES).flatMap(([path, text]) =>
    text.split("\n").flatMap((line, index) => {
      const isHit =
        terms.names.some((name) => line.includes(name)) ||
        terms.words.some((word) => line.toLowerCase().includes(word));
      return isHit ? [{ path, line: index + 1, text: line }] : [];
    }),
  );
}
const found = (text: string, most = 20) => {
  const terms = termsOf(text);
  return retrieve({ terms, paths, hits: hitsFor(terms) }, most);
};
const first = (text: string) => found(text)[0]?.path;

describe("what a request is about", () => {
  it.each<[string, string, string]>([
    ["the file that it names", "src/api/index.ts is empty", "src/api/index.ts"],
    ["the file of a stack trace", "at x (/app/src/cart/sum.ts:1:4)", "src/cart/sum.ts"],
    ["the file by its name alone", "orders.ts should find by id", "src/api/orders.ts"],
    ["where a name is defined", "`cartTotal` forgets the discount", "src/cart/total.ts"],
    ["where a class is defined", "OrderStore leaks memory", "src/api/orders.ts"],
    ["a file whose name has the word", "orders are lost", "src/api/orders.ts"],
  ])("is %s", (_, text, path) => {
    expect(first(text)).toBe(path);
  });

  it("is told with reasons and the lines that hold it", () => {
    expect(found("cartTotal is wrong")[0]).toEqual({
      path: "src/cart/total.ts",
      reasons: ['defines "cartTotal"', 'has "cartTotal"', 'its path has "total", "cart"'],
      lines: [{ line: 2, text: "export function cartTotal(cart) {" }],
    });
  });

  it("is hardly ever what programs wrote", () => {
    expect(
      found("cartTotal")
        .map(({ path }) => path)
        .at(-1),
    ).toBe("package-lock.json");
  });

  it("is every file of a named folder, where the folder is no file", () => {
    const all = found("everything in src/api").map(({ path }) => path);

    expect(all.slice(0, 2)).toEqual(["src/api/index.ts", "src/api/orders.ts"]);
  });

  it("is nothing where it names nothing that is here", () => {
    expect(found("zebra unicorns")).toEqual([]);
    expect(found("")).toEqual([]);
  });

  it("is no more than was wanted, and never a file that is not there", () => {
    expect(found("cart total sum", 2)).toHaveLength(2);
    const hits = [{ path: "gone.ts", line: 1, text: "cartTotal" }];
    expect(retrieve({ terms: termsOf("cartTotal"), paths: ["a.ts"], hits }, 5)).toEqual([]);
  });

  it("says a rare name before a common one", () => {
    const many = Array.from({ length: 50 }, (_, i) => `lib/f${i}.ts`);
    const hits = [
      ...many.map((path) => ({ path, line: 1, text: "useState()" })),
      { path: "lib/z.ts", line: 1, text: "useBasket()" },
    ];

    const [best] = retrieve(
      { terms: termsOf("useState useBasket"), paths: [...many, "lib/z.ts"], hits },
      3,
    );

    expect(best?.path).toBe("lib/z.ts");
  });

  it("does not take a name for an expression", () => {
    const hits = [{ path: "src/app.ts", line: 1, text: "const $a = 1" }];

    expect(retrieve({ terms: termsOf("`$a` `(((` `[a-`"), paths, hits }, 5)).toMatchObject([
      { path: "src/app.ts", reasons: ['defines "$a"', 'has "$a"'] },
    ]);
  });
});
