import { readFileSync } from "node:fs";

/**
 * The system calls that commands may make, as the engine wants it. An allow-list: unknown calls fail,
 * and so do io_uring, userfaultfd, the kernel keyring, new namespaces, mounts and every socket family
 * other than unix, IPv4, IPv6 and netlink. 32-bit programs do not run: their calls would pass unseen.
 */
export function seccompProfile(): string {
  const text = readFileSync(new URL("./seccomp.json", import.meta.url), "utf8");
  return JSON.stringify(JSON.parse(text));
}
