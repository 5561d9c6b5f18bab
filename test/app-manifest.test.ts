import { readFileSync } from "node:fs";
import type { Probot } from "probot";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { createApp } from "../src/app.ts";

const manifest: unknown = parse(readFileSync(new URL("../app.yml", import.meta.url), "utf8"));

it("asks for the permissions Nexus' tokens are made with, and no others", () => {
  expect(manifest).toHaveProperty("public", false);
  expect(manifest).toHaveProperty("default_permissions", {
    metadata: "read",
    contents: "write",
    issues: "write",
    pull_requests: "write",
    checks: "write",
  });
});

it("asks for the events the app listens to, and no others", async () => {
  const listened = new Set<string>();
  const listener = { on: (event: string) => listened.add(event.split(".")[0] ?? "") };

  // Of Probot only `on` is used here; what else it can do plays no part.
  await createApp(async () => {})(listener as unknown as Probot, {} as never);

  expect(manifest).toHaveProperty("default_events", [...listened]);
});
