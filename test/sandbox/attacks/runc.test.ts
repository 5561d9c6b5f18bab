import { describe } from "vitest";
import { noDocker } from "../test-sandbox.ts";
import { attackSuite } from "./attacks.contract.ts";

describe.skipIf(noDocker)("the sandbox", () => {
  attackSuite({ name: "the engine's own runtime", runtime: undefined, gvisor: false });
});
