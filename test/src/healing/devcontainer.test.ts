import { describe, expect, it } from "vitest";
import { readDevcontainer } from "../../../src/healing/devcontainer.ts";

const FILE = ".devcontainer.json";

describe("a devcontainer", () => {
  it.each([
    ["plainly", '{"image":"node:24"}'],
    ["among comments", '// one\n{ /* two\n */ "image": "node:24" // three\n}'],
    ["with commas at the end", '{"features":{"a":[1,],},"image":"node:24",}'],
    ["after a byte order mark", '\uFEFF{"image":"node:24"}'],
    ["beside a build that it does not need", '{"build":{},"image":"node:24"}'],
    ["beside texts that look like comments", '{"x":"// no, /* no */ ,}\\"","image":"node:24"}'],
  ])("names its image %s", (_how, text) => {
    expect(readDevcontainer(FILE, text)).toEqual({ image: "node:24" });
  });

  it.each([
    [
      "a build",
      '{"build":{"dockerfile":"x"}}',
      "builds its image (`build`), which Nexus does not do",
    ],
    [
      "a Dockerfile",
      '{"dockerFile":"x"}',
      "builds its image (`dockerFile`), which Nexus does not do",
    ],
    [
      "a composition",
      '{"dockerComposeFile":"x"}',
      "builds its image (`dockerComposeFile`), which Nexus does not do",
    ],
    ["nothing", "{}", "names no image"],
    ["an image of another kind", '{"image":["node"]}', "names no image that could be pulled"],
    ["an image with a variable", '{"image":"a b"}', "names no image that could be pulled"],
    ["an option for an image", '{"image":"--privileged"}', "names no image that could be pulled"],
    [
      "an image of endless length",
      `{"image":"${"a".repeat(300)}"}`,
      "names no image that could be pulled",
    ],
    ["no JSON", "{", "is not a description that can be read"],
    ["a list", "[]", "is not a description that can be read"],
    ["an open comment", '{"image":"node"} /* ', "is not a description that can be read"],
    ["too much", `{"image":"node"}${" ".repeat(70_000)}`, "is not a description that can be read"],
  ])("with %s has no say, and the reason is told", (_what, text, why) => {
    expect(readDevcontainer(FILE, text)).toEqual({ ignored: `${FILE} ${why}` });
  });

  it("of many open quotes and comments is read in no time", () => {
    const text = '{"image":'.concat('"\\'.repeat(15_000), "/*".repeat(5_000));

    expect(readDevcontainer(FILE, text)).toHaveProperty("ignored");
  });
});
