import { describe, expect, it } from "vitest";
import { type Change, toldOf } from "./changes.ts";

describe("what makes tests of other languages prove less is found", () => {
  it.each<readonly [string, readonly Change[], readonly string[]]>([
    [
      "pytest.mark.skip",
      [
        [
          "test_a.py",
          "def test_a():\n    assert f() == 1\n",
          "@pytest.mark.skip\ndef test_a():\n    assert f() == 1\n",
        ],
      ],
      ["skipped head test_a.py:2"],
    ],
    [
      "pytest.mark.xfail",
      [
        [
          "test_a.py",
          "def test_a():\n    assert f() == 1\n",
          '@pytest.mark.xfail(reason="x")\ndef test_a():\n    assert f() == 1\n',
        ],
      ],
      ["skipped head test_a.py:2"],
    ],
    [
      "unittest.skip in a class",
      [
        [
          "test_a.py",
          "class TestA(TestCase):\n    def test_a(self):\n        self.assertEqual(f(), 1)\n",
          "class TestA(TestCase):\n    @unittest.skip\n    def test_a(self):\n        self.assertEqual(f(), 1)\n",
        ],
      ],
      ["skipped head test_a.py:3"],
    ],
    [
      "pytest.skip in the body",
      [
        [
          "test_a.py",
          "def test_a():\n    assert f() == 1\n",
          'def test_a():\n    pytest.skip("later")\n    assert f() == 1\n',
        ],
      ],
      ["skipped head test_a.py:2"],
    ],
    [
      "pytestmark over a file",
      [
        [
          "test_a.py",
          "def test_a():\n    assert f() == 1\n",
          "pytestmark = pytest.mark.skip\ndef test_a():\n    assert f() == 1\n",
        ],
      ],
      ["skipped head test_a.py:1"],
    ],
    [
      "a Python test that is not called one any more",
      [
        [
          "test_a.py",
          "def test_a():\n    assert f() == 1\n",
          "def no_test_a():\n    assert f() == 1\n",
        ],
      ],
      ["deleted-test base test_a.py:1"],
    ],
    [
      "pass instead of a body",
      [["test_a.py", "def test_a():\n    assert f() == 1\n", "def test_a():\n    pass\n"]],
      ["emptied head test_a.py:1"],
    ],
    [
      "assert True",
      [
        [
          "test_a.py",
          "def test_a():\n    assert f() == 1\n",
          "def test_a():\n    f()\n    assert True\n",
        ],
      ],
      ["weakened-assertion head test_a.py:3"],
    ],
    [
      "assert that became one of truth",
      [["test_a.py", "def test_a():\n    assert f() == 1\n", "def test_a():\n    assert f()\n"]],
      ["weakened-assertion head test_a.py:2"],
    ],
    [
      "a Go test that skips",
      [
        [
          "a_test.go",
          "package a\n\nfunc TestA(t *testing.T) {\n\tif f() != 1 {\n\t\tt.Error(f())\n\t}\n}\n",
          'package a\n\nfunc TestA(t *testing.T) {\n\tt.Skip("later")\n\tif f() != 1 {\n\t\tt.Error(f())\n\t}\n}\n',
        ],
      ],
      ["skipped head a_test.go:4"],
    ],
    [
      "a Go test that is gone",
      [
        [
          "a_test.go",
          "package a\n\nfunc TestA(t *testing.T) {\n\tif f() != 1 {\n\t\tt.Error(f())\n\t}\n}\n\nfunc TestB(t *testing.T) {\n\tt.Log(g())\n}\n",
          "package a\n\nfunc TestB(t *testing.T) {\n\tt.Log(g())\n}\n",
        ],
      ],
      ["deleted-test base a_test.go:3"],
    ],
    [
      "a Go file that is not built",
      [
        [
          "a_test.go",
          "package a\n\nfunc TestA(t *testing.T) {\n\tt.Error(f())\n}\n",
          "//go:build never\n\npackage a\n\nfunc TestA(t *testing.T) {\n\tt.Error(f())\n}\n",
        ],
      ],
      ["skipped head a_test.go:1"],
    ],
    [
      "#[ignore]",
      [
        [
          "src/a.rs",
          "#[test]\nfn adds() {\n    assert_eq!(sum(2, 2), 4);\n}\n",
          "#[test]\n#[ignore]\nfn adds() {\n    assert_eq!(sum(2, 2), 4);\n}\n",
        ],
      ],
      ["skipped head src/a.rs:3"],
    ],
    [
      "a Rust test beside its code that is gone",
      [
        [
          "src/a.rs",
          "fn sum() {}\n#[test]\nfn adds() {\n    assert_eq!(sum(2, 2), 4);\n}\n",
          "fn sum() {}\n",
        ],
      ],
      ["deleted-test base src/a.rs:3"],
    ],
    [
      "assert!(true)",
      [
        [
          "src/a.rs",
          "#[test]\nfn adds() {\n    assert_eq!(sum(2, 2), 4);\n}\n",
          "#[test]\nfn adds() {\n    assert!(true);\n}\n",
        ],
      ],
      ["weakened-assertion head src/a.rs:3"],
    ],
    [
      "@Disabled",
      [
        [
          "ATest.java",
          "class ATest {\n  @Test\n  void adds() {\n    assertEquals(4, sum(2, 2));\n  }\n}\n",
          "class ATest {\n  @Test\n  @Disabled\n  void adds() {\n    assertEquals(4, sum(2, 2));\n  }\n}\n",
        ],
      ],
      ["skipped head ATest.java:2"],
    ],
    [
      "a JUnit test without its annotation",
      [
        [
          "ATest.java",
          "class ATest {\n  @Test\n  void adds() {\n    assertEquals(4, sum(2, 2));\n  }\n}\n",
          "class ATest {\n  void adds() {\n    assertEquals(4, sum(2, 2));\n  }\n}\n",
        ],
      ],
      ["deleted-test base ATest.java:2"],
    ],
    [
      "assertNotNull instead of assertEquals",
      [
        [
          "ATest.java",
          "class ATest {\n  @Test void adds() {\n    assertEquals(4, sum(2, 2));\n  }\n}\n",
          "class ATest {\n  @Test void adds() {\n    assertNotNull(sum(2, 2));\n  }\n}\n",
        ],
      ],
      ["weakened-assertion head ATest.java:3"],
    ],
    [
      "an RSpec example that is pending",
      [
        [
          "spec/a_spec.rb",
          'describe "A" do\n  it "adds" do\n    expect(sum(2, 2)).to eq(4)\n  end\nend\n',
          'describe "A" do\n  xit "adds" do\n    expect(sum(2, 2)).to eq(4)\n  end\nend\n',
        ],
      ],
      ["skipped head spec/a_spec.rb:2"],
    ],
    [
      "a PHPUnit test that is gone",
      [
        [
          "tests/ATest.php",
          "<?php\nclass ATest {\n  public function testAdds() { $this->assertSame(4, sum(2, 2)); }\n  public function testMore() { $this->assertSame(3, sum(2, 1)); }\n}\n",
          "<?php\nclass ATest {\n  public function testMore() { $this->assertSame(3, sum(2, 1)); }\n}\n",
        ],
      ],
      ["deleted-test base tests/ATest.php:3"],
    ],
  ])("%s", (_name, ...[changes, told]) => {
    expect(toldOf(...changes)).toEqual(told);
  });
});
