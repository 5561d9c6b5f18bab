import { NexusError } from "../../src/core/errors.ts";
import { once } from "../once.ts";
import { placeOf, type RawPath } from "./raw-path.ts";

const MARK = "user.overlay.opaque";
const SET = "y".charCodeAt(0);

/**
 * Which of these folders of an upper layer hide all that the lower ones hold under their names: deleted and
 * made again. The kernel keeps that as an attribute, which Node cannot read and a process would be slow to
 * be started for. Throws `sandbox.unavailable` where this machine does not tell.
 */
export async function opaqueFolders(
  upper: string,
  folders: readonly RawPath[],
): Promise<ReadonlySet<RawPath>> {
  const isOpaque = await marks();
  return new Set(folders.filter((path) => isOpaque(placeOf(upper, path))));
}

/** How the mark of one folder is read. Throws `sandbox.unavailable` where the system has no such call. */
export const marks = once(async () => {
  try {
    const { default: koffi } = await import("koffi");
    const read = koffi
      .load(null)
      .func(
        "long lgetxattr(const uint8_t *path, const char *name, _Out_ uint8_t *value, size_t size)",
      );
    const { ENODATA, ENOENT, EOPNOTSUPP, ERANGE } = koffi.os.errno;
    // Longer than a mark is another attribute, and what is gone bears none.
    const unmarked = [ENODATA, ENOENT, EOPNOTSUPP, ERANGE];
    return (folder: Buffer): boolean => {
      const value = Buffer.alloc(1);
      const length: number = read(Buffer.concat([folder, Buffer.of(0)]), MARK, value, 1);
      if (length === -1 && !unmarked.includes(koffi.errno())) {
        throw unreadable(`The system's error number is ${koffi.errno()}.`);
      }
      return length === 1 && value[0] === SET;
    };
  } catch (cause) {
    throw unreadable("This system has no call for them.", cause);
  }
});

function unreadable(why: string, cause?: unknown): NexusError {
  return new NexusError("sandbox.unavailable", `The marks of an overlay cannot be read. ${why}`, {
    hint: "Set SANDBOX_MIRROR=copy.",
    cause,
  });
}
