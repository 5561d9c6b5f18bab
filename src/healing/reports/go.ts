import { programOf } from "../program.ts";
import { argumentsOf } from "./arguments.ts";
import type { Runner } from "./runner.ts";

/** `go test` reports in place of what people read, so it does only where the repository asks for that. */
export const go: Runner = {
  is(command) {
    return programOf(command)?.name === "go" && argumentsOf(command)[0] === "test";
  },
  plan: ({ runner }) =>
    argumentsOf(runner).some((word) => word === "-json" || word === "--json")
      ? { stdout: "go-test-json" }
      : {},
};
