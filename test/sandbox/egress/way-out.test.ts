import { randomUUID } from "node:crypto";
import { networkInterfaces } from "node:os";
import Docker from "dockerode";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Labels, newLabels } from "../../../sandbox/container/container.ts";
import { createEgress } from "../../../sandbox/egress/create-egress.ts";
import type { WayOut } from "../../../sandbox/egress/egress.ts";
import { createEgressContainer } from "../../../sandbox/egress/egress-container.ts";
import { askToRemove } from "../../../sandbox/engine/engine.ts";
import { until } from "../../world/until.ts";
import { noDocker } from "../test-sandbox.ts";
import {
  CONFUSING,
  connect,
  get,
  HOSTS,
  PASSING,
  refusedTunnels,
  refusedUrls,
} from "./questions.ts";
import { type Answers, putAll, type Question } from "./raw-client.ts";
import { startWitness, type Witness } from "./witness.ts";

const docker = new Docker();
const never = new AbortController().signal;
const own = Object.values(networkInterfaces())
  .flat()
  .find((at) => at?.family === "IPv4" && !at.internal && !at.address.startsWith("172.17."));

const machine = ({ gateway }: Witness) => own?.address ?? gateway;

// The proxy itself knows no address of the sixth version where its network has none.
const REFUSAL =
  /^HTTP\/1\.1 (403 Forbidden[\s\S]*\r\n\r\nNexus( policy: this host is not allowed|: the address)|400 Bad)/;

const noBridge =
  noDocker !== undefined || (await docker.listNetworks()).every(({ Name }) => Name !== "bridge");

describe.skipIf(noBridge)("a way out", () => {
  let labels: Labels;
  let allowed: Witness;
  let other: Witness;
  let target: Docker.Container;
  let way: WayOut;
  let answers: Answers;
  const put = (questions: readonly Question[]) =>
    putAll(docker, { containerId: target.id, labels }, questions);

  beforeAll(async () => {
    labels = newLabels({
      owner: `test-${randomUUID()}`,
      process: "0000000000000000",
      taskId: "t1",
    });
    [allowed, other, target] = await Promise.all([
      startWitness(docker, labels),
      startWitness(docker, labels),
      startTarget(labels),
    ]);
    const egress = createEgress({
      docker,
      registry: `http://${allowed.address}:4873/npm/`,
      privateHosts: [
        "allowed.test",
        "*.wild.test",
        "other.test",
        "loop.test",
        "linked.test",
        "embedded.test",
      ],
      extraHosts: [
        `allowed.test:${allowed.address}`,
        `deep.er.wild.test:${allowed.address}`,
        ...["other", "wild", "allowed.test.other", "notallowed", "private"].map(
          (name) => `${name}.test:${other.address}`,
        ),
        "loop.test:127.0.0.1",
        "linked.test:169.254.169.254",
        "carrier.test:100.64.0.1",
        "six.test:fd00::1",
        "embedded.test:64:ff9b::7f00:1",
        `own.test:${machine(other)}`,
        "both.test:203.0.113.1",
        `both.test:${other.address}`,
      ],
    });
    way = await egress.open(
      { containerId: target.id, labels, hosts: [...HOSTS, allowed.address] },
      never,
    );
    answers = await put([
      ...PASSING,
      { name: "a tunnel", bytes: connect("allowed.test:443") },
      ...CONFUSING,
      ...refusedUrls(other.address, other.gateway, machine(other)).map((url) => ({
        name: url,
        bytes: get(url),
      })),
      ...refusedTunnels(other.address).map((to) => ({ name: to, bytes: connect(to) })),
      { name: "the registry", bytes: get(`http://${allowed.address}:4873/npm/x`) },
      { name: "the registry's other port", bytes: get(`http://${allowed.address}/npm/x`) },
      { name: "a tunnel to the registry", bytes: connect(`${allowed.address}:4873`) },
      { name: "a relay", bytes: get("http://other.test/"), to: { host: "127.0.0.1", port: 9999 } },
      { name: "past the proxy", bytes: get("/"), to: { host: allowed.address, port: 80 } },
      { name: "the bridge's gateway", bytes: get("/"), to: { host: other.gateway, port: 80 } },
    ]);
  });
  afterAll(async () => {
    await way?.[Symbol.asyncDispose]();
    await Promise.all([
      allowed?.[Symbol.asyncDispose](),
      other?.[Symbol.asyncDispose](),
      askToRemove("remove a target", async () => target?.remove({ force: true })),
    ]);
  });

  it.each(PASSING.map(({ name }) => name))("lets pass: %s", (name) => {
    const answer = answers.get(name);

    expect(answer).toMatch(
      /^HTTP\/1\.1 200 OK\r\n[\s\S]*heard: GET \/\w HTTP\/1\.1\r\nHost: (allowed|deep\.er\.wild)\.test\.?\r\n/i,
    );
    expect(answer?.split("heard:")[1]).not.toMatch(/forwarded|via:|proxy/i);
  });

  it("lets tunnels pass to a named host", () => {
    expect(answers.get("a tunnel")).toMatch(
      /^HTTP\/1\.1 200 [\s\S]*\r\n\r\nhello through the tunnel$/,
    );
  });

  it("lets the operator's own registry be an address with a port, and nothing more of it", () => {
    expect(answers.get("the registry")).toMatch(
      /^HTTP\/1\.1 200 OK\r\n[\s\S]*heard: GET \/npm\/x /,
    );
    expect(answers.get("the registry's other port")).toMatch(REFUSAL);
    expect(answers.get("a tunnel to the registry")).toMatch(REFUSAL);
  });

  it.each(refusedUrls("1.2.3.4", "gateway", "machine").map((url, index) => [url, index] as const))(
    "refuses %s",
    (_like, index) => {
      const url = refusedUrls(other.address, other.gateway, machine(other))[index] ?? "";

      expect([url, answers.get(url)]).toEqual([url, expect.stringMatching(REFUSAL)]);
    },
  );

  it.each(refusedTunnels("1.2.3.4").map((to, index) => [to, index] as const))(
    "refuses a tunnel to %s",
    (_like, index) => {
      const to = refusedTunnels(other.address)[index] ?? "";

      expect([to, answers.get(to)]).toEqual([to, expect.stringMatching(REFUSAL)]);
    },
  );

  it.each(CONFUSING.map(({ name }) => name))("is not confused by %s", (name) => {
    expect(answers.get(name)).not.toMatch(/^$|TIMEOUT|error:/);
  });

  it("leads nowhere else, whatever was asked", () => {
    expect(other.received()).toBe("");
    expect(allowed.received()).not.toMatch(/Host: other\.test|connection to (22|8443)/i);
  });

  it("is the only one: no route, no datagrams, no lookups, no relay", () => {
    expect(answers.get("past the proxy")).toBe("error: ENETUNREACH");
    expect(answers.get("the bridge's gateway")).toBe("error: ENETUNREACH");
    expect(answers.get("a datagram")).toBe("error: ENETUNREACH");
    expect(answers.get("a lookup")).toMatch(/^error: /);
    expect(answers.get("a relay")).toMatch(/^HTTP\/1\.1 403 /);
  });

  it("tells what was asked for", async () => {
    const attempts = await until(
      async () => {
        const seen = await way.attempts();
        return seen.some(({ host, allowed: passed }) => host === "allowed.test" && passed) && seen;
      },
      { what: "the proxy's log" },
    );

    expect(attempts).toContainEqual({ host: "other.test", allowed: false });
    expect(attempts).toContainEqual({ host: "allowed.test:22", allowed: false });
    expect(attempts).not.toContainEqual({ host: "other.test", allowed: true });
  });

  it("leaves only a socket that cannot be replaced between inside and outside", async () => {
    const made = await containersOf(labels);
    const gate = made.find(({ HostConfig }) => HostConfig.NetworkMode === `container:${target.id}`);

    expect(gate?.Mounts.map(({ Destination, RW }) => [Destination, RW])).toEqual([
      ["/egress", false],
    ]);
    expect((await target.inspect()).Mounts).toEqual([]);
    expect((await target.inspect()).HostConfig.NetworkMode).toBe("none");
  });

  it("is none any more once its proxy is killed", async () => {
    const made = await containersOf(labels);
    const proxy = made.find(({ Mounts }) =>
      Mounts.some(({ Destination, RW }) => Destination === "/egress" && RW),
    );
    await docker.getContainer(proxy?.Id ?? "").kill();

    const late = await put([{ name: "a named host", bytes: get("http://allowed.test/late") }]);

    expect(late.get("a named host")).toMatch(/^(error: ECONNRESET)?$/);
    expect(allowed.received()).not.toContain("/late");
  });

  it("leaves nothing behind, also where the container went first", async () => {
    await target.remove({ force: true });
    await way[Symbol.asyncDispose]();

    const made = await containersOf(labels);
    const { Volumes } = await docker.listVolumes({ filters: filtersOf(labels) });

    expect(made.filter(({ Mounts }) => Mounts.length > 0)).toEqual([]);
    expect(Volumes ?? []).toEqual([]);
  });
});

const filtersOf = (labels: Labels) => ({ label: [`nexus.owner=${labels["nexus.owner"]}`] });

async function containersOf(labels: Labels) {
  const made = await docker.listContainers({ all: true, filters: filtersOf(labels) });
  return await Promise.all(made.map(({ Id }) => docker.getContainer(Id).inspect()));
}

async function startTarget(labels: Labels): Promise<Docker.Container> {
  const plan = {
    image: "nexus-sandbox:latest",
    labels,
    network: "none",
    command: ["sleep", "infinity"],
  };
  const container = await createEgressContainer(docker, plan);
  await container.start();
  return container;
}
