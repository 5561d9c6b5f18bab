import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Sides } from "../../../../src/core/merge.ts";
import { settleImports } from "../../../../src/merge/imports/settle-imports.ts";
import { createSyntax } from "../../../../src/syntax/create-syntax.ts";

const syntax = await createSyntax();

/** What a file imports: the names of each module. */
type Imported = ReadonlyMap<string, ReadonlySet<string>>;

const MODULES = ["alpha", "beta", "gamma", "delta"];

/** Names of their own for each module: no name is ever bound twice. */
const NAMES = new Map(
  MODULES.map((module) => [module, ["a", "b", "c", "d"].map((name) => module + name)]),
);

const imported: fc.Arbitrary<Imported> = fc
  .tuple(...MODULES.map((module) => fc.subarray(NAMES.get(module) ?? [])))
  .map((lists) => new Map(MODULES.map((module, at) => [module, new Set(lists[at])])))
  .map((all) => new Map([...all].filter(([, names]) => names.size > 0)));

const three = fc.tuple(imported, imported, imported);

interface Written {
  readonly order: readonly string[];
  readonly isWide: boolean;
}

const written: fc.Arbitrary<Written> = fc.record({
  order: fc.shuffledSubarray(MODULES, { minLength: MODULES.length }),
  isWide: fc.boolean(),
});

const LANGUAGES = [
  {
    path: "src/a.ts",
    write: (module: string, names: readonly string[], isWide: boolean) =>
      isWide
        ? `import {\n${names.map((name) => `  ${name},\n`).join("")}} from "${module}";\n`
        : `import { ${names.join(", ")} } from "${module}";\n`,
    read: /import \{([^}]*)\} from "(\w+)";/g,
    rest: "\nstart();\n",
  },
  {
    path: "src/a.py",
    write: (module: string, names: readonly string[], isWide: boolean) =>
      isWide
        ? `from ${module} import (\n${names.map((name) => `    ${name},\n`).join("")})\n`
        : `from ${module} import ${names.join(", ")}\n`,
    read: /from (\w+) import (\([^)]*\)|.*)/g,
    rest: "\nstart()\n",
  },
  {
    path: "src/a.rs",
    write: (module: string, names: readonly string[]) =>
      names.length === 1
        ? `use ${module}::${names[0]};\n`
        : `use ${module}::{${names.join(", ")}};\n`,
    read: /use (\w+)::\{?([\w,\s]*)\}?;/g,
    rest: "\nfn main() {}\n",
  },
] as const;

type Written3 = readonly [Written, Written, Written];

function textOf(what: Imported, how: Written, language: (typeof LANGUAGES)[number]): string {
  const statements = how.order.flatMap((module) => {
    const names = what.get(module);
    return names ? [language.write(module, [...names], how.isWide)] : [];
  });
  return statements.join("") + language.rest;
}

/** Read by other means than the merge reads them. */
function readAgain(text: string, { read, path }: (typeof LANGUAGES)[number]): readonly string[] {
  return [...text.matchAll(read)]
    .flatMap(([, one = "", two = ""]) => {
      const [module, names] = path.endsWith(".ts") ? [two, one] : [one, two];
      return (names.match(/\w+/g) ?? []).map((name) => `${module} ${name}`);
    })
    .sort();
}

function pairsOf(what: Imported): ReadonlySet<string> {
  return new Set(
    [...what].flatMap(([module, names]) => [...names].map((name) => `${module} ${name}`)),
  );
}

/** As sets merge: what neither removed and what either added. */
function mergedPairs(base: Imported, ours: Imported, theirs: Imported): readonly string[] {
  const [was, our, their] = [base, ours, theirs].map(pairsOf);
  return [...new Set([...(our ?? []), ...(their ?? [])])]
    .filter((pair) => !was?.has(pair) || (our?.has(pair) && their?.has(pair)))
    .sort();
}

describe("imports of both sides", () => {
  it.each(LANGUAGES)("are merged as sets of names, or not at all, in $path", (language) => {
    fc.assert(
      fc.property(three, fc.tuple(written, written, written), ([base, ours, theirs], how) => {
        const sides = sidesOf([base, ours, theirs], how, language);

        const settled = settleImports(sides, syntax);

        if (!settled) return;
        expect(settled.sides.ours).toBe(settled.sides.theirs);
        expect(syntax.parse(language.path, settled.sides.ours)?.hasErrors).toBe(false);
        expect(readAgain(settled.sides.ours, language)).toEqual(mergedPairs(base, ours, theirs));
      }),
      { numRuns: 300 },
    );
  });

  it.each(LANGUAGES)("are merged where both only add, in $path", (language) => {
    fc.assert(
      fc.property(three, fc.tuple(written, written, written), ([base, more, others], how) => {
        fc.pre(base.size > 0);
        const [ours, theirs] = [joined(base, more), joined(base, others)];
        const sides = sidesOf([base, ours, theirs], how, language);
        fc.pre(
          sides.ours !== sides.base && sides.theirs !== sides.base && sides.ours !== sides.theirs,
        );

        const settled = settleImports(sides, syntax);

        expect(readAgain(settled?.sides.ours ?? "", language)).toEqual(
          mergedPairs(base, ours, theirs),
        );
      }),
      { numRuns: 200 },
    );
  });
});

function joined(one: Imported, other: Imported): Imported {
  return new Map(
    MODULES.map(
      (module) =>
        [module, new Set([...(one.get(module) ?? []), ...(other.get(module) ?? [])])] as const,
    ).filter(([, names]) => names.size > 0),
  );
}

function sidesOf(
  whats: readonly [Imported, Imported, Imported],
  hows: Written3,
  language: (typeof LANGUAGES)[number],
): Sides {
  return {
    path: language.path,
    base: textOf(whats[0], hows[0], language),
    ours: textOf(whats[1], hows[1], language),
    theirs: textOf(whats[2], hows[2], language),
  };
}

describe("a statement that is the first one no longer", () => {
  it("stands on its own line as the others do", () => {
    const file = (...names: readonly string[]) =>
      `package p\n\nimport (\n${names.map((name) => `\t"${name}"\n`).join("")})\n\nvar A = 1\n`;

    const settled = settleImports(
      {
        path: "a.go",
        base: file("fmt", "io"),
        ours: file("errors", "fmt"),
        theirs: file("bytes", "fmt", "io"),
      },
      syntax,
    );

    expect(settled?.sides.ours).toBe(file("bytes", "errors", "fmt"));
  });
});
