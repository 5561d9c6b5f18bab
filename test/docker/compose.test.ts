import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import {
  parsePublisherConfig,
  parseWebConfig,
  parseWorkerConfig,
  SETTINGS,
} from "../../src/config.ts";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

const Service = z.looseObject({
  image: z.string(),
  command: z.array(z.string()).default([]),
  environment: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
  networks: z
    .union([z.array(z.string()), z.record(z.string(), z.unknown()).transform(Object.keys)])
    .default([]),
  user: z.string().optional(),
  read_only: z.boolean().default(false),
  cap_drop: z.array(z.string()).default([]),
  healthcheck: z.looseObject({}).optional(),
});
const { services, networks } = z
  .object({
    services: z.record(z.string(), Service),
    networks: z.record(z.string(), z.object({ internal: z.boolean().default(false) }).nullable()),
  })
  .parse(parse(read("docker/compose.yaml"), { merge: true }));

const ROLES = ["web", "publisher", "worker"] as const;
type Role = (typeof ROLES)[number];

function service(name: string) {
  const found = services[name];
  if (!found) throw new Error(`compose.yaml has no service ${name}`);
  return found;
}

/** Names a service is given, with their values; undefined where the value comes from .env. */
function environmentOf(name: string): Map<string, string | undefined> {
  const pairs = service(name).environment.map((line) => {
    const [, key = "", value] = /^([^=]+)(?:=(.*))?$/.exec(line) ?? [];
    return [key, value] as const;
  });
  return new Map(pairs);
}

/** Settings that a container gets in another way, or that are files of the machine. */
const NOT_IN_CONTAINERS: Readonly<Record<Role, readonly string[]>> = {
  web: ["NEXUS_FOLDER"],
  publisher: ["NEXUS_FOLDER", "PRIVATE_KEY"],
  worker: [
    "NEXUS_FOLDER",
    "SANDBOX_OWNER",
    "NODE_EXTRA_CA_CERTS",
    "DOCKER_HOST",
    // A person signs in on a machine of theirs: its browser, its home and its program are not in a container.
    "GEMINI_CLIENT_ID",
    "GEMINI_CLIENT_SECRET",
    "CLAUDE_CODE_ONLY_MINE",
    "CLAUDE_CODE_PROGRAM",
    "CLAUDE_CODE_MAX_DOLLARS",
    "CLAUDE_CODE_TOKEN",
  ],
};

describe.each(ROLES)("the service %s", (role) => {
  it("is given every setting of its process, and none of another", () => {
    const given = [...environmentOf(role).keys()];

    const wanted = SETTINGS[role].filter((name) => !NOT_IN_CONTAINERS[role].includes(name));
    expect(given.toSorted()).toEqual(wanted.toSorted());
  });

  it("does not run as root, writes no file of the image, and has no rights", () => {
    const { user, read_only, cap_drop } = service(role);

    expect({ user, read_only, cap_drop }).toEqual({
      user: undefined,
      read_only: true,
      cap_drop: ["ALL"],
    });
    expect(
      read("docker/Dockerfile")
        .match(/^USER .*$/gm)
        ?.at(-1),
    ).toBe("USER 10001:10001");
  });

  it("has values in place that its process takes", () => {
    const secret = "0123456789abcdef0123456789abcdef";
    const fromEnvFile = { WEBHOOK_SECRET: secret, APP_ID: "1" };
    const written = [...environmentOf(role)].flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value.replace(/\$\{\w+:\?[^}]*\}/, secret)]],
    );
    const env: Record<string, string> = { ...fromEnvFile, ...Object.fromEntries(written) };
    const parsers = {
      web: parseWebConfig,
      publisher: parsePublisherConfig,
      worker: parseWorkerConfig,
    };

    const config = parsers[role](env);

    expect(config.databaseUrl).toBe(`postgres://nexus:${secret}@postgres:5432/nexus`);
  });
});

it("root runs nothing but what hands over files, without a network", () => {
  const roots = Object.entries(services).filter(([, { user }]) => user?.startsWith("0"));

  expect(
    roots.map(([name, { command, networks: reached }]) => [name, command[0], reached]),
  ).toEqual([
    ["key", "install", []],
    ["folder", "install", []],
  ]);
});

it("Redis may not throw jobs away, and keeps them on disk", () => {
  const command = service("redis").command.join(" ");

  expect(command).toContain("--maxmemory-policy noeviction");
  expect(command).toContain("--appendonly yes");
  expect(service("redis").volumes).toEqual(["redis:/data"]);
});

it("only web publishes a port, and on this machine only unless told otherwise", () => {
  const published = Object.entries(services).flatMap(([name, { ports }]) =>
    ports.map((port) => `${name} ${port}`),
  );

  expect(published).toEqual([
    expect.stringMatching(/^web \$\{WEB_ADDRESS:-127\.0\.0\.1\}:\$\{WEB_PORT:-3000\}:3000$/),
  ]);
});

it("the servers are reached only from networks without a way out, and web does not reach Redis", () => {
  const internal = Object.keys(networks).filter((name) => networks[name]?.internal);

  expect(internal).toEqual(["record", "queue"]);
  expect(service("postgres").networks).toEqual(["record"]);
  expect(service("redis").networks).toEqual(["queue"]);
  expect(service("web").networks).not.toContain("queue");
});

it("the socket of the engine is the worker's alone, and its folder has the same path on both sides", () => {
  const withSocket = Object.keys(services).filter((name) =>
    service(name).volumes.some((volume) => volume.includes("docker.sock")),
  );
  const [, folder = ""] = service("worker").volumes;
  const [outside, inside] = folder.split(":");

  expect(withSocket).toEqual(["worker"]);
  expect(inside).toBe(outside);
  expect(service("worker").command.join(" ")).toContain(`NEXUS_FOLDER="${inside}/$$HOSTNAME"`);
});

it("every image is pinned by a version", () => {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(read("package.json")));
  const images = new Set(Object.values(services).map(({ image }) => image));

  expect([...images]).toEqual([`nexus:${version}`, "redis:7.4-bookworm", "postgres:17-bookworm"]);
});

it("everything that stays up is asked whether it is well; web by its image", () => {
  const silent = Object.entries(services).flatMap(([name, { healthcheck }]) =>
    healthcheck === undefined ? [name] : [],
  );

  expect(silent).toEqual(["web"]);
  expect(read("docker/Dockerfile")).toMatch(/^HEALTHCHECK [\s\S]*\/health/m);
});

it("the image holds what the processes are started from", () => {
  const dockerfile = read("docker/Dockerfile");
  const copied = [...dockerfile.matchAll(/^COPY (\w+) \1$/gm)].map(([, folder]) => `${folder}/`);
  const ignored = read(".dockerignore");
  const starts = ROLES.map((role) => service(role).command.join(" "));

  expect(copied).toEqual(["src/", "jobs/", "sandbox/"]);
  for (const folder of copied) expect(ignored).toContain(`!${folder.replace("/", "")}\n`);
  expect(starts).toEqual([
    "",
    "node jobs/publisher/main.ts",
    expect.stringContaining("exec node jobs/worker/main.ts"),
  ]);
});
