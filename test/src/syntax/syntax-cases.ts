/** One whole and one broken text of each language, and a path that it is known by. */
export const SYNTAX_CASES: readonly {
  readonly path: string;
  readonly language: string;
  readonly whole: string;
  readonly broken: string;
  /** A type of node and the text that the first of it covers, in `whole`. */
  readonly covers: readonly [string, string];
}[] = [
  {
    path: "a.ts",
    language: "typescript",
    whole: 'const s = "😀";\nfunction f(a: number): void {}\n',
    broken: "function f(a: number {",
    covers: ["function_declaration", "function f(a: number): void {}"],
  },
  {
    path: "a.tsx",
    language: "tsx",
    whole: "// 😀\nconst a = <b c={1}>😀</b>;\n",
    broken: "const a = <b>;",
    covers: ["jsx_element", "<b c={1}>😀</b>"],
  },
  {
    path: "a.jsx",
    language: "javascript",
    whole: "// 😀\nexport const a = <b c={1} />;\n",
    broken: "export const a = ;",
    covers: ["variable_declarator", "a = <b c={1} />"],
  },
  {
    path: "a.json",
    language: "json",
    whole: '{\n  // 😀\n  "a": "😀",\n  "b": [1]\n}\n',
    broken: '{ "a": }',
    covers: ["array", "[1]"],
  },
  {
    path: "a.yaml",
    language: "yaml",
    whole: "a: 😀\nb:\n  - c: 1\n",
    broken: "a: [1\nb: }",
    covers: ["block_sequence_item", "- c: 1"],
  },
  {
    path: "a.toml",
    language: "toml",
    whole: 'a = "😀"\n[b]\nc = [1]\n',
    broken: "a = = 1",
    covers: ["array", "[1]"],
  },
  {
    path: "a.py",
    language: "python",
    whole: 'a = "😀"\ndef f(x):\n    return x\n',
    broken: "def f(x:\n  return",
    covers: ["return_statement", "return x"],
  },
  {
    path: "a.go",
    language: "go",
    whole: 'package p\n\nvar a = "😀"\n\nfunc f() int { return 1 }\n',
    broken: "package p\n\nfunc f( {",
    covers: ["function_declaration", "func f() int { return 1 }"],
  },
  {
    path: "a.rs",
    language: "rust",
    whole: '/// 😀\nconst A: &str = "😀";\nfn f() -> u8 { 1 }\n',
    broken: "fn f( -> {",
    covers: ["function_item", "fn f() -> u8 { 1 }"],
  },
  {
    path: "A.java",
    language: "java",
    whole: 'class A {\n  String s = "😀";\n  int f() { return 1; }\n}\n',
    broken: "class A { int f( { }",
    covers: ["method_declaration", "int f() { return 1; }"],
  },
  {
    path: "a.css",
    language: "css",
    whole: '.a::before { content: "😀"; }\n.b { color: red; }\n',
    broken: ".a { color: red; }}}",
    covers: ["rule_set", '.a::before { content: "😀"; }'],
  },
  {
    path: "a.html",
    language: "html",
    whole: '<p>😀</p>\n<b id="x">y</b>\n',
    broken: "<p><b></p></",
    covers: ["element", "<p>😀</p>"],
  },
];
