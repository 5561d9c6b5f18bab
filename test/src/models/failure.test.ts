import { describe, expect, it } from "vitest";
import { presentable, unreachable } from "../../../src/models/failure.ts";

const broken = (code: string) =>
  new TypeError("fetch failed", { cause: Object.assign(new Error("it broke"), { code }) });

describe("a connection that failed", () => {
  it.each([
    ["ECONNREFUSED", true],
    ["ENOTFOUND", true],
    ["EAI_AGAIN", true],
    ["UND_ERR_CONNECT_TIMEOUT", true],
    ["ECONNRESET", false],
    ["EPIPE", false],
    ["UND_ERR_SOCKET", false],
    ["UND_ERR_HEADERS_TIMEOUT", false],
  ])("with %s is certain not to have sent anything: %s", (code, unsent) => {
    const failure = unreachable(broken(code));

    expect(failure).toMatchObject({ code: "model.unreachable", retryable: true, unsent });
    expect(presentable(failure, [])).toMatchObject({ unsent });
    expect(failure.hint).toContain("base URL");
  });
});
