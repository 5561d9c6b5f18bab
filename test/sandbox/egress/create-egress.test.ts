import { randomUUID } from "node:crypto";
import Docker from "dockerode";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type Labels, newLabels } from "../../../sandbox/container/container.ts";
import { createEgress } from "../../../sandbox/egress/create-egress.ts";
import { createEgressContainer } from "../../../sandbox/egress/egress-container.ts";
import { noDocker } from "../test-sandbox.ts";

const docker = new Docker();
const never = new AbortController().signal;
const HOSTS = ["allowed.test"];

describe.skipIf(noDocker)("ways out of an engine", () => {
  let labels: Labels;
  let target: Docker.Container;
  beforeEach(async () => {
    labels = newLabels({
      owner: `test-${randomUUID()}`,
      process: "0000000000000000",
      taskId: "t1",
    });
    const plan = {
      image: "nexus-egress:latest",
      labels,
      network: "none",
      command: ["sleep", "60"],
    };
    target = await createEgressContainer(docker, plan);
    await target.start();
  });
  afterEach(() => target.remove({ force: true }));

  // The target is all that there is.
  async function expectNothingLeft(): Promise<void> {
    const filters = { label: [`nexus.owner=${labels["nexus.owner"]}`] };
    const { Volumes } = await docker.listVolumes({ filters });
    expect(await docker.listContainers({ all: true, filters })).toHaveLength(1);
    expect(Volumes ?? []).toEqual([]);
  }

  it("need the proxy's image, and its lack names the command that builds it", async () => {
    const egress = createEgress({ docker, image: "nexus-egress:none" });

    const opening = egress.open({ containerId: target.id, labels, hosts: HOSTS }, never);

    await expect(opening).rejects.toMatchObject({
      code: "sandbox.image-missing",
      hint: expect.stringContaining("sh docker/build-egress-image.sh"),
    });
    await expectNothingLeft();
  });

  it("are not opened to what is no name of a host", async () => {
    const egress = createEgress({ docker });

    const opening = egress.open({ containerId: target.id, labels, hosts: ["10.0.0.1"] }, never);

    await expect(opening).rejects.toMatchObject({ code: "sandbox.not-allowed" });
    await expectNothingLeft();
  });

  it("are given up when the signal fires", async () => {
    const egress = createEgress({ docker });

    const opening = egress.open(
      { containerId: target.id, labels, hosts: HOSTS },
      AbortSignal.abort(),
    );

    await expect(opening).rejects.toMatchObject({ code: "aborted" });
    await expectNothingLeft();
  });

  it("are not opened after a check that failed, and are again after one that went well", async () => {
    const site = { docker, network: "bridge" as const, image: "nexus-sandbox:latest" };
    const broken = createEgress(site);

    await expect(broken.check(labels, never)).rejects.toMatchObject({
      code: "sandbox.unavailable",
    });
    await expect(
      broken.open({ containerId: target.id, labels, hosts: HOSTS }, never),
    ).rejects.toMatchObject({ code: "sandbox.unavailable" });
    await expect(createEgress({ docker }).check(labels, never)).resolves.toBeUndefined();
    await expectNothingLeft();
  });

  it("lead through the host's network where the engine has no bridge", async () => {
    const egress = createEgress({ docker, network: "host" });

    await expect(egress.check(labels, never)).resolves.toBeUndefined();
    await expectNothingLeft();
  });
});
