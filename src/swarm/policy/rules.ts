import type { CalledProgram } from "./called-programs.ts";

/** What agents may not ask for, and what they are told. The walls of the sandbox hold without these rules too. */
export interface Rule {
  readonly name: string;
  readonly why: string;
  breaks(program: CalledProgram): boolean;
}

const among = (names: string) => {
  const set = new Set(names.split(" "));
  return ({ name }: CalledProgram) => set.has(name);
};

const verbOf = ({ args }: CalledProgram) => {
  // Flags of git that take a value stand before its verb.
  const skips = new Set(["-C", "-c", "--git-dir", "--work-tree"]);
  let at = 0;
  while (args[at]?.startsWith("-")) at += skips.has(args[at] ?? "") ? 2 : 1;
  return args[at] ?? "";
};

const withVerb = (name: string, verbs: string) => {
  const set = new Set(verbs.split(" "));
  return (program: CalledProgram) => program.name === name && set.has(verbOf(program));
};

/** Settings of git that name programs or give verbs other names. */
const givesGitPrograms = ({ name, args }: CalledProgram) =>
  name === "git" &&
  args.some(
    (arg, at) =>
      args[at - 1] === "-c" && /^(?:alias|core|credential|include|url|diff)\./i.test(arg),
  );

const isOutside = (path: string) =>
  /^(?:\/|~)/.test(path) &&
  !/^\/(?:workspace|tmp|dev\/(?:null|std(?:out|err)|tty|shm))(?:\/|$)/.test(path);

const spellsGit = (path: string) => /(?:^|\/)\.git(?:\/|$)/i.test(path);

/** Rules in the order in which they are asked. */
export const RULES: readonly Rule[] = [
  {
    name: "privilege",
    why: "there are no other rights to be had in the sandbox",
    breaks: among(
      "sudo su doas pkexec runuser setpriv mount umount chroot pivot_root nsenter unshare setcap insmod modprobe sysctl swapon",
    ),
  },
  {
    name: "machine",
    why: "the machine is not yours to stop or to rebuild",
    breaks: (program) =>
      among("shutdown reboot halt poweroff init telinit mkfs fdisk parted losetup iptables nft")(
        program,
      ) || program.name.startsWith("mkfs."),
  },
  {
    name: "network",
    why: "there is no network here; what is not installed cannot be fetched",
    breaks: among(
      "curl wget nc ncat netcat socat telnet ssh scp sftp rsync ftp lftp dig nslookup host ping apt apt-get apk yum dnf brew snap",
    ),
  },
  {
    name: "publish",
    why: "Nexus publishes, agents do not",
    breaks: (program) =>
      among("gh hub glab docker podman kubectl helm terraform twine")(program) ||
      withVerb(
        "npm",
        "publish unpublish login logout adduser token owner access deprecate",
      )(program) ||
      withVerb("yarn", "publish")(program) ||
      withVerb("pnpm", "publish")(program) ||
      withVerb("cargo", "publish login yank")(program) ||
      withVerb("gem", "push yank signin")(program),
  },
  {
    name: "git",
    why: "Nexus makes the commits from your files; history, remotes and configuration stay as they are",
    breaks: (program) =>
      withVerb(
        "git",
        "push pull fetch clone remote submodule commit rebase merge reset filter-branch filter-repo config worktree update-ref gc prune reflog init am cherry-pick revert",
      )(program) || givesGitPrograms(program),
  },
  {
    name: "git-folder",
    why: "git's own folder is not part of the work",
    breaks: ({ name, args, writesTo }) =>
      writesTo.some(spellsGit) ||
      (["rm", "mv", "cp", "tee", "ln", "chmod", "touch", "mkdir", "sed"].includes(name) &&
        args.some(spellsGit)),
  },
  {
    name: "outside",
    why: "only the repository and /tmp are yours to change",
    breaks: ({ name, args, writesTo }) =>
      writesTo.some(isOutside) ||
      (["rm", "rmdir", "shred", "truncate", "chmod", "chown"].includes(name) &&
        args.some(isOutside)),
  },
  {
    name: "everything",
    why: "it would delete the whole repository",
    breaks: ({ name, args }) =>
      name === "rm" &&
      args.some((arg) => /^-\w*r/i.test(arg) || arg === "--recursive") &&
      args.some((arg) => /^(?:\/workspace|\.|\.\.|\*|\.\/|\.\/\*|\/workspace\/\*?)\/?$/.test(arg)),
  },
  {
    name: "processes",
    why: "only processes that you started are yours to end, by their number",
    breaks: (program) =>
      among("killall pkill skill")(program) ||
      (program.name === "kill" && program.args.some((arg) => arg === "-1" || arg === "1")),
  },
];
