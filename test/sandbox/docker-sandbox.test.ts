import { afterAll, beforeAll, describe } from "vitest";
import { sandboxContract } from "../contracts/sandbox.contract.ts";
import { noDocker, type TestSandbox, testSandbox } from "./test-sandbox.ts";

describe.skipIf(noDocker)("with overlay volumes", () => {
  let parts: TestSandbox;
  beforeAll(async () => {
    parts = await testSandbox({ mirror: "overlay", slots: 2 });
  });
  afterAll(() => parts[Symbol.asyncDispose]());

  sandboxContract("the Docker sandbox", () => parts.sandbox);
});

describe.skipIf(noDocker)("with copied folders", () => {
  let parts: TestSandbox;
  beforeAll(async () => {
    parts = await testSandbox({ mirror: "copy", slots: 2 });
  });
  afterAll(() => parts[Symbol.asyncDispose]());

  sandboxContract("the Docker sandbox without overlay", () => parts.sandbox);
});
