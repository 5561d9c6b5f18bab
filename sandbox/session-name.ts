import { randomUUID } from "node:crypto";

/** A name that no other session has. It begins with the process that the session belongs to. */
export function sessionName(process: string): string {
  return `${process}-${randomUUID()}`;
}

/** The process that something belongs to by its name; undefined where the name tells of none. */
export function processOf(name: string): string | undefined {
  return /^([0-9a-f]{16})-/.exec(name)?.[1];
}
