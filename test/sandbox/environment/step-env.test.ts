import { expect, it } from "vitest";
import { WAY_OUT_ENV } from "../../../sandbox/egress/way-out.ts";
import { stepEnv } from "../../../sandbox/environment/step-env.ts";
import { plansOf } from "./tree-of.ts";

it("a set-up with a way out keeps where Maven puts what it fetches, and knows the proxy", () => {
  const [maven] = plansOf({ "pom.xml": "" });

  const env = stepEnv(maven?.env ?? {}, WAY_OUT_ENV);

  expect(env.MAVEN_OPTS).toBe("-Dmaven.repo.local=/opt/nexus/m2");
  expect(env.JAVA_TOOL_OPTIONS).toContain("-Dhttps.proxyHost=127.0.0.1 -Dhttps.proxyPort=3128");
});

it("a set-up's options stand beside those of its way out, and the proxy is the way out's", () => {
  const env = stepEnv(
    { JAVA_TOOL_OPTIONS: "-Da=1", https_proxy: "http://evil.example", A: "a" },
    { JAVA_TOOL_OPTIONS: "-Db=2", https_proxy: "http://127.0.0.1:3128" },
  );

  expect(env).toEqual({
    JAVA_TOOL_OPTIONS: "-Da=1 -Db=2",
    https_proxy: "http://127.0.0.1:3128",
    A: "a",
  });
});
