import type { CommandAttack } from "./attack.ts";

// Numbers differ from one processor to the other.
const NUMBERS = {
  x64: {
    acct: 163,
    add_key: 248,
    bpf: 321,
    chroot: 161,
    clock_settime: 227,
    clone: 56,
    clone3: 435,
    delete_module: 176,
    fanotify_init: 300,
    finit_module: 313,
    fsmount: 432,
    fsopen: 430,
    init_module: 175,
    io_uring_enter: 426,
    io_uring_register: 427,
    io_uring_setup: 425,
    kcmp: 312,
    kexec_load: 246,
    keyctl: 250,
    mount: 165,
    move_mount: 429,
    open_by_handle_at: 304,
    open_tree: 428,
    perf_event_open: 298,
    pidfd_getfd: 438,
    pivot_root: 155,
    ptrace: 101,
    quotactl: 179,
    reboot: 169,
    request_key: 249,
    setdomainname: 171,
    setgid: 106,
    sethostname: 170,
    setns: 308,
    settimeofday: 164,
    setuid: 105,
    socket: 41,
    swapon: 167,
    syslog: 103,
    umount2: 166,
    unshare: 272,
    userfaultfd: 323,
    vhangup: 153,
  },
  arm64: {
    acct: 89,
    add_key: 217,
    bpf: 280,
    chroot: 51,
    clock_settime: 112,
    clone: 220,
    clone3: 435,
    delete_module: 106,
    fanotify_init: 262,
    finit_module: 273,
    fsmount: 432,
    fsopen: 430,
    init_module: 105,
    io_uring_enter: 426,
    io_uring_register: 427,
    io_uring_setup: 425,
    kcmp: 272,
    kexec_load: 104,
    keyctl: 219,
    mount: 40,
    move_mount: 429,
    open_by_handle_at: 265,
    open_tree: 428,
    perf_event_open: 241,
    pidfd_getfd: 438,
    pivot_root: 41,
    ptrace: 117,
    quotactl: 60,
    reboot: 142,
    request_key: 218,
    setdomainname: 162,
    setgid: 144,
    sethostname: 161,
    setns: 268,
    settimeofday: 170,
    setuid: 146,
    socket: 198,
    swapon: 224,
    syslog: 116,
    umount2: 39,
    unshare: 97,
    userfaultfd: 282,
    vhangup: 58,
  },
} as const;

/** A system call by its name, with its arguments as numbers or texts. */
export type Call = readonly [name: keyof (typeof NUMBERS)["x64"], ...args: (number | string)[]];

/** The error that says: operation not permitted. */
const EPERM = 1;

// Each call in a process of its own, so that none can profit from another one's success.
const PROGRAM = `
$| = 1;
sub attempt {
  my ($name, $number, @args) = @_;
  unless (my $child = fork) {
    my $result = syscall($number, @args);
    print "$name: ", ($result == -1 ? "refused " . ($! + 0) : "GOT $result"), "\\n";
    exit;
  }
  wait;
}`;

/** A program that makes each of these calls, and says of each with which error it was refused. */
export function callsProgram(calls: readonly Call[]): readonly string[] {
  const numbers = NUMBERS[process.arch === "arm64" ? "arm64" : "x64"];
  const lines = calls.map(([name, ...args], at) => {
    // A text has to be a variable: the kernel might write there.
    const texts = args.map((arg, index) =>
      typeof arg === "string" ? `my $t${at}_${index} = ${JSON.stringify(arg)};` : "",
    );
    const passed = args.map((arg, index) => (typeof arg === "string" ? `$t${at}_${index}` : arg));
    const label = [name, ...args.slice(0, 1)].join(" ");
    return `${texts.join("")} attempt(${[JSON.stringify(label), numbers[name], ...passed].join(", ")});`;
  });
  return ["perl", "-e", [PROGRAM, ...lines].join("\n")];
}

/** A row of calls that are all refused: by the filter, and on gVisor by a kernel that has no such call. */
export function refusedCalls(
  row: Pick<CommandAttack, "id" | "what">,
  calls: readonly Call[],
): CommandAttack {
  const lines = `{${calls.length}}`;
  return {
    ...row,
    attempt: callsProgram(calls),
    gets: new RegExp(`^(?:[^\\n]+: refused ${EPERM}\\n)${lines}$`),
    onGvisor: {
      gets: new RegExp(`^(?:[^\\n]+: refused \\d+\\n)${lines}$`),
      because: "its own kernel has no such call, or refuses it with another error",
    },
  };
}
