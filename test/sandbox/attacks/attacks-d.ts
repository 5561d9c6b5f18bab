import Docker from "dockerode";
import { type Attack, shell } from "./attack.ts";

/** Secrets. Every canary of the world has this shape, and the pattern itself does not. */
const CANARY = "canary-[0-9a-f]{8}";

/** Says each place a canary was found in. */
const search = (script: string) =>
  shell(`{ ${script}; } 2>/dev/null | grep -aoE '${CANARY}'; exit 0`);

export const ATTACKS_D: readonly Attack[] = [
  {
    id: "D1",
    what: "secrets of Nexus in environments and command lines",
    attempt: search("env; cat /proc/*/environ /proc/*/cmdline | tr '\\0' '\\n'"),
    gets: "",
  },
  {
    id: "D1",
    what: "secrets of Nexus in files",
    attempt: search(
      `rg -uuu --text --no-messages -o '${CANARY}' /workspace /home /root /tmp /etc /run /var /opt /srv /mnt /media`,
    ),
    gets: "",
  },
  {
    id: "D1",
    what: "credentials of the mirror, by the container's git",
    attempt: search(
      "cat .git/config .git/packed-refs; git config --list; git remote -v; git for-each-ref",
    ),
    gets: "",
  },
  {
    id: "D1",
    what: "secrets in what the engine tells of container, volume and image",
    stage: async ({ open, owner, canaries }) => {
      await using _session = await open("d1");
      const docker = new Docker();
      const filters = { label: [`nexus.owner=${owner}`, "nexus.task=d1"] };
      const [found] = await docker.listContainers({ all: true, filters });
      const container = await docker.getContainer(found?.Id ?? "").inspect();
      const { Volumes } = await docker.listVolumes({ filters });
      const image = await docker.getImage(container.Image).inspect();
      const history = await docker.getImage(container.Image).history();
      const told = JSON.stringify([container, Volumes, image, history]);
      return canaries.filter((canary) => told.includes(canary));
    },
    comes: [],
  },
  {
    id: "D2",
    what: "the owner's own folders",
    attempt: shell(
      `find "$HOME" -mindepth 1
       for f in /root/.[a-z]* /home/*/.npmrc /home/*/.ssh /home/*/.aws .env .npmrc; do [ -e $f ] && echo $f; done; exit 0`,
    ),
    gets: /^(?:\/root\/\.(?:bashrc|profile)\n)*$/,
  },
  {
    id: "D3",
    what: "a secret in an old commit",
    attempt: search(
      "git log --all -p; git reflog; git cat-file --batch-all-objects --batch; git fsck --lost-found; git show HEAD~1",
    ),
    gets: "",
  },
  {
    id: "D4",
    what: "a secret that a command prints, on its way into logs and pull requests",
    provenIn: "test/e2e/secrets.test.ts",
  },
];
