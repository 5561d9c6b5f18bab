import { type Attack, node, shell } from "./attack.ts";
import { callsProgram, refusedCalls } from "./system-calls.ts";

const NEW_USER = 0x1000_0000;
const NEW_MOUNTS = 0x0002_0000;
const SIGNAL_CHILD = 17;
const AT_CWD = -100;

/** Each script says WON where it should not have come. */
const wins = (scripts: readonly string[]) =>
  shell(`${scripts.map((script) => `( ${script} ) >/dev/null 2>&1 && echo WON '${script.replaceAll("'", "")}'`).join("\n")}
exit 0`);

/** The wall of the kernel and the container. */
export const ATTACKS_A: readonly Attack[] = [
  {
    id: "A1",
    what: "new user and mount namespaces",
    attempt: callsProgram([
      ["unshare", NEW_USER],
      ["unshare", NEW_MOUNTS],
      ["clone", NEW_USER + SIGNAL_CHILD, 0, 0, 0, 0],
      ["clone3", 0, 0],
    ]),
    gets: /^unshare \d+: refused 1\nunshare \d+: refused 1\nclone \d+: refused 1\nclone3 0: refused 38\n$/,
    onGvisor: {
      gets: /^(?:(?:unshare|clone) \d+: (?:GOT|refused) \d+\n)+clone3 0: refused 38\n$/,
      because: "namespaces are gVisor's own there; what its root can do with them is the next row",
    },
  },
  {
    id: "A1",
    what: "being root of a namespace of one's own",
    attempt: [
      "perl",
      "-e",
      `my ($unshare, $mount, $mknod) = ${process.arch === "arm64" ? "(97, 40, 33)" : "(272, 165, 259)"};
       syscall($unshare, ${NEW_USER + NEW_MOUNTS});
       my ($map, $file);
       if (open($map, ">", "/proc/self/uid_map")) { print $map "0 10001 1"; close $map; }
       my ($none, $root, $work, $tmpfs, $node) = ("none", "/", "/workspace", "tmpfs", "/workspace/device");
       print "remounted\\n" if syscall($mount, $none, $root, $none, 0x20, 0) == 0;
       print "mounted\\n" if syscall($mount, $tmpfs, $work, $tmpfs, 0, 0) == 0;
       print "whiteout\\n" if syscall($mknod, ${AT_CWD}, $node, 020600, 0) == 0;
       print "wrote\\n" if open($file, ">", "/etc/evil");
       print "nothing\\n";`,
    ],
    gets: "nothing\n",
  },
  refusedCalls({ id: "A2", what: "mounts, roots and other namespaces" }, [
    ["mount", "none", "/tmp", "tmpfs", 0, 0],
    ["umount2", "/tmp", 0],
    ["fsopen", "tmpfs", 0],
    ["open_tree", AT_CWD, "/tmp", 1],
    ["move_mount", AT_CWD, "/tmp", AT_CWD, "/home", 0],
    ["fsmount", 0, 0, 0],
    ["pivot_root", "/tmp", "/tmp"],
    ["chroot", "/tmp"],
    ["setns", 0, 0],
  ]),
  {
    id: "A3",
    what: "devices and whiteouts",
    attempt: shell(
      "for d in 'c 0 0' 'c 1 1' 'b 8 0' 'b 254 0'; do mknod /workspace/d $d 2>/dev/null && echo WON $d; done; echo none",
    ),
    gets: "none\n",
  },
  {
    id: "A4",
    what: "memory, keys and settings of the kernel",
    attempt: wins([
      "head -c 1 /proc/kcore | grep -q .",
      "grep -q . /proc/keys",
      "grep -q . /proc/timer_list",
      "find /sys/firmware -mindepth 1 | grep -q .",
      "echo x > /proc/sys/kernel/core_pattern",
      "echo 0 > /proc/sys/kernel/randomize_va_space",
      "echo b > /proc/sysrq-trigger",
      "echo x > /sys/kernel/uevent_helper",
      "head -c 1 /dev/mem",
      "head -c 1 /proc/1/mem",
    ]),
    gets: "",
  },
  refusedCalls({ id: "A5", what: "raw, packet, vsock, crypto and bluetooth sockets" }, [
    ["socket", 2, 3, 1],
    ["socket", 17, 3, 0],
    ["socket", 40, 1, 0],
    ["socket", 38, 5, 0],
    ["socket", 31, 3, 1],
  ]),
  {
    id: "A5",
    what: "netlink, which shows a loopback and nothing else",
    attempt: node(
      `console.log(Object.keys(require("os").networkInterfaces()).join(),
         require("fs").readFileSync("/proc/net/dev", "utf8").split("\\n").slice(2).map((line) => line.split(":")[0].trim()).join(""))`,
    ),
    gets: "lo lo\n",
  },
  refusedCalls({ id: "A6", what: "io_uring" }, [
    ["io_uring_setup", 1, 0],
    ["io_uring_enter", 0, 0, 0, 0, 0, 0],
    ["io_uring_register", 0, 0, 0, 0],
  ]),
  refusedCalls({ id: "A7", what: "what only the machine's owner may do" }, [
    ["bpf", 0, 0, 0],
    ["perf_event_open", 0, 0, -1, -1, 0],
    ["userfaultfd", 0],
    ["kexec_load", 0, 0, 0, 0],
    ["init_module", 0, 0, 0],
    ["finit_module", 0, 0, 0],
    ["delete_module", "x", 0],
    ["open_by_handle_at", AT_CWD, 0, 0],
    ["acct", "/tmp/x"],
    ["swapon", "/tmp/x", 0],
    ["settimeofday", 0, 0],
    ["clock_settime", 0, 0],
    ["reboot", 0xfee1dead, 672274793, 0x1234567, 0],
    ["sethostname", "evil", 4],
    ["setdomainname", "evil", 4],
    ["fanotify_init", 0, 0],
    ["quotactl", 0, 0, 0, 0],
    ["kcmp", 1, 1, 0, 0, 0],
    ["pidfd_getfd", 0, 0, 0],
    ["vhangup"],
  ]),
  refusedCalls({ id: "A8", what: "the kernel's keyring" }, [
    ["keyctl", 0, -3, 0],
    ["add_key", "user", "a", "b", 1, -3],
    ["request_key", "user", "a", 0, -3],
  ]),
  {
    id: "A9",
    what: "the kernel's log",
    attempt: shell("dmesg 2>&1 | tail -n 1"),
    gets: /not permitted/,
    onGvisor: {
      gets: /^\[ .*\] .*\n$/,
      because: "gVisor makes up a log; the machine's own is out of reach",
    },
  },
  {
    id: "A10",
    what: "tracing the keeper and reading its memory and environment",
    attempt: shell(
      "cat /proc/1/environ /proc/1/maps 2>/dev/null; kill -STOP 1 2>/dev/null && echo STOPPED; find /proc/1/fd /proc/1/root/etc -mindepth 1 2>/dev/null; echo nothing",
    ),
    gets: "nothing\n",
    onGvisor: {
      gets: /^(?![\s\S]*(?:STOPPED|canary))[\s\S]*nothing\n$/,
      because: "users see each other there, and the keeper knows nothing that commands do not know",
    },
  },
  {
    id: "A10",
    what: "attaching to the keeper",
    attempt: callsProgram([["ptrace", 16, 1, 0, 0]]),
    gets: "ptrace 16: refused 1\n",
  },
  {
    id: "A11",
    what: "set-id programs and capabilities of files",
    attempt: shell(
      `cp /usr/bin/id ./id && chmod 6755 ./id && ./id -u | grep -qx 0 && echo ROOT
       chown 0:0 ./id 2>/dev/null && echo CHOWNED
       perl -e 'my ($f, $n, $v) = ("./id", "security.capability", pack("V5", 0x02000000, 0xffffffff, 0, 0, 0));
         print "CAPABLE" if syscall(${process.arch === "arm64" ? 5 : 188}, $f, $n, $v, 20, 0) == 0'
       find / -xdev -perm /6000 -type f 2>/dev/null | grep -v ^/workspace/
       rm ./id; exit 0`,
    ),
    gets: "",
  },
  {
    id: "A11",
    what: "another user",
    attempt: callsProgram([
      ["setuid", 0],
      ["setgid", 0],
      ["setuid", 65534],
    ]),
    gets: "setuid 0: refused 1\nsetgid 0: refused 1\nsetuid 65534: refused 1\n",
  },
  {
    id: "A12",
    what: "sockets of engines, devices of the host and control groups",
    attempt: shell(
      `for f in /var/run/docker* /run/docker* /run/containerd* /run/podman* /dev/sd* /dev/vd* /dev/nvme* /dev/kvm /dev/mem /dev/fuse; do
         [ -e $f ] && echo WON $f; done
       for f in /sys/fs/cgroup/release_agent /sys/fs/cgroup/*/release_agent /sys/fs/cgroup/cgroup.procs /sys/fs/cgroup/*/notify_on_release; do
         { echo 1 > $f; } 2>/dev/null && echo WON $f; done
       mkdir /sys/fs/cgroup/mine /sys/fs/cgroup/memory/mine 2>/dev/null && echo WON
       exit 0`,
    ),
    gets: "",
    onGvisor: {
      gets: /^(?:WON \/dev\/fuse\n)?$/,
      because: "that device is gVisor's own, and nobody answers behind it",
    },
  },
  {
    id: "A13",
    what: "the image, and folders that are open to everybody",
    attempt: wins([
      "echo x > /etc/passwd",
      "echo x > /etc/ld.so.preload",
      "echo x > /usr/bin/git",
      "echo x > /usr/local/bin/node",
      "echo x > /var/tmp/x",
      "echo x > /run/x",
      "echo x > /opt/x",
      "echo x > /etc/hostname",
      "echo x > /usr/sbin/docker-init",
      "rm /usr/bin/git",
      "mv /usr/bin /usr/bin2",
      "ln /etc/passwd /workspace/passwd",
      "ln /usr/bin/git /tmp/git",
    ]),
    gets: "",
  },
  {
    id: "A14",
    what: "descriptors and folders that the runtime might have left open",
    attempt: node(
      `const fs = require("fs");
       const open = fs.readdirSync("/proc/self/fd").map((fd) => { try { return fs.readlinkSync("/proc/self/fd/" + fd); } catch { return ""; } });
       console.log(open.filter((to) => to.startsWith("/") && !/^\\/(dev|proc\\/|workspace)/.test(to)).join() || "none",
         fs.readlinkSync("/proc/self/cwd"), fs.readlinkSync("/proc/self/root"))`,
    ),
    gets: "none /workspace /\n",
  },
  {
    id: "A14",
    what: "the program that started the command, through its own descriptor",
    attempt: shell(
      "for f in /proc/[0-9]*/exe; do { echo x >> $f; } 2>/dev/null && echo WON $f; done; exit 0",
    ),
    gets: "",
  },
  {
    id: "A16",
    what: "the host's name, processes and abstract sockets",
    attempt: shell(
      `grep -c . /proc/net/unix | awk '{ exit $1 > 3 }' || echo SOCKETS
       for p in /proc/[0-9]*; do read -r name < $p/comm; echo "$name"; done 2>/dev/null | grep -E 'dockerd|containerd|vitest|postgres|redis' 
       hostname | grep -Ex '[0-9a-f]{12}' >/dev/null || echo NAME
       find /dev/shm /dev/mqueue -mindepth 1 2>/dev/null
       exit 0`,
    ),
    gets: "",
  },
];
