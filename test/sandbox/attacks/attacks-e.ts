import { randomUUID } from "node:crypto";
import Docker from "dockerode";
import { until } from "../../world/until.ts";
import { type Attack, shell } from "./attack.ts";

const docker = new Docker();

// Engines say nothing in many ways.
const NOTHING = ["null", "false", "{}", "[]", '""'];
const told = (value: unknown) => {
  const text = JSON.stringify(value ?? null);
  return NOTHING.includes(text) ? "none" : text.replaceAll('"', "");
};

/** The engine and its volumes. */
export const ATTACKS_E: readonly Attack[] = [
  {
    id: "E1",
    what: "an image beyond the operator's ceiling, and names that are none",
    stage: async ({ open, errorOf }) => {
      const images = [
        "evil:latest",
        "--privileged",
        "a b",
        "../x",
        "nexus-sandbox:latest,x",
        "x\n",
        "$(id)",
      ];
      const codes: unknown[] = [];
      for (const image of images) codes.push(await errorOf(() => open("e1", { image })));
      return [...new Set(codes)];
    },
    comes: ["sandbox.not-allowed"],
  },
  {
    id: "E1",
    what: "hosts beyond the operator's ceiling, and names that are none",
    stage: async ({ open, errorOf }) => {
      const hosts = [
        "evil.example",
        "*",
        "127.0.0.1",
        "169.254.169.254",
        "a b",
        "x\nhttp_access allow all",
        "",
      ];
      const codes: unknown[] = [];
      for (const host of hosts) codes.push(await errorOf(() => open("e1", { network: [host] })));
      return [...new Set(codes)];
    },
    comes: ["sandbox.not-allowed"],
  },
  {
    id: "E1",
    what: "mounts, rights and devices, by whatever name of a task",
    stage: async ({ open, owner }) => {
      const task = 'x,type=bind,source=/:/host --privileged\n"}../../..';
      await using _session = await open(task);
      const found = await docker.listContainers({ filters: { label: [`nexus.owner=${owner}`] } });
      const mine = found.filter(({ Labels }) => Labels["nexus.task"] === task);
      const { HostConfig: host, Mounts } = await docker.getContainer(mine[0]?.Id ?? "").inspect();
      return {
        containers: mine.length,
        mounts: Mounts.map(({ Type, Destination }) => `${Type} ${Destination}`),
        rights: [host.Privileged, host.CapAdd, host.CapDrop, host.Devices].map(told),
        shared: [host.Binds, host.VolumesFrom, host.PortBindings, host.ExtraHosts].map(told),
        spaces: [host.NetworkMode, host.PidMode, host.IpcMode, host.UTSMode].map(told),
        readOnly: host.ReadonlyRootfs,
      };
    },
    comes: {
      containers: 1,
      mounts: ["volume /workspace"],
      rights: ["none", "none", "[ALL]", "none"],
      shared: ["none", "none", "none", "none"],
      spaces: ["none", "none", "private", "none"],
      readOnly: true,
    },
  },
  {
    id: "E2",
    what: "options of a mount, by the name of the folder that Nexus keeps",
    stage: async ({ openWith }) => {
      await using own = await openWith({}, "a:b,upperdir=\\x, c");
      await own.session.run(shell("echo new > new; rm README.md"));
      const edits = await own.session.changes();
      return edits.map(({ kind, path }) => `${kind} ${path}`);
    },
    comes: ["delete README.md", "write new"],
  },
  {
    id: "E3",
    what: "a layer that is in use, mounted once more",
    stage: async ({ open, owner }) => {
      await using session = await open("e3");
      await session.run(["true"]);
      const filters = { label: [`nexus.owner=${owner}`, "nexus.task=e3"] };
      const { Volumes } = await docker.listVolumes({ filters });
      const Labels = { "nexus.owner": owner, "nexus.task": "e3", "nexus.session": "" };
      const again = await docker.createVolume({
        Name: `nexus-again-${randomUUID()}`,
        DriverOpts: { ...Volumes[0]?.Options },
        Labels,
      });
      const container = await docker.createContainer({
        Image: "nexus-sandbox:latest",
        Labels,
        NetworkDisabled: true,
        HostConfig: {
          Mounts: [
            {
              Type: "volume",
              Source: again.name,
              Target: "/workspace",
              VolumeOptions: { NoCopy: true },
            },
          ],
        } as Docker.HostConfig,
      });
      try {
        return await container.start().then(
          () => "mounted",
          (error: unknown) => /busy/.test(String(error)),
        );
      } finally {
        await container.remove({ force: true });
        await again.remove();
      }
    },
    comes: true,
  },
  {
    id: "E4",
    what: "a tree that is swept or pushed out while it is mounted",
    stage: async ({ open, sandbox }) => {
      await using session = await open("e4");
      await sandbox.sweep([]);
      return (await session.run(["cat", "src/a.txt"])).output;
    },
    comes: "a\n",
  },
  {
    id: "E5",
    what: "labels that make Nexus remove what is not its own",
    stage: async ({ open, sandbox }) => {
      const stranger = `other-${randomUUID()}`;
      const container = await docker.createContainer({
        Image: "nexus-sandbox:latest",
        NetworkDisabled: true,
        Labels: { "nexus.owner": stranger, "nexus.task": "e5", "nexus.session": "../../e5" },
      });
      try {
        await using _session = await open("e5");
        await sandbox.killTask("e5");
        await sandbox.sweep([]);
        const { State } = await container.inspect();
        return State.Status;
      } finally {
        await until(
          () =>
            container.remove({ force: true }).then(
              () => true,
              () => false,
            ),
          {
            what: "the stranger's container to go",
          },
        );
      }
    },
    comes: "created",
  },
  {
    id: "A15",
    what: "an image with an entry point, a health check, variables, volumes and a user of its own",
    provenIn: "test/sandbox/container/image-traits.test.ts",
  },
];
