import { describe } from "vitest";
import { attackSuite } from "./attacks.contract.ts";
import { noGvisor } from "./no-gvisor.ts";

describe.skipIf(noGvisor)("the sandbox", () => {
  attackSuite({ name: "gVisor", runtime: "runsc", gvisor: true });
});
