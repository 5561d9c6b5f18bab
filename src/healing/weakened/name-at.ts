/** The last part of a path. */
export function nameAt(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}
