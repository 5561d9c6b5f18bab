/**
 * How git starts the driver; `program` is a path, which git's shell reads. Where Nexus is gone, cannot start, breaks
 * or does not merge such a file, git's own merge of lines stands in: a conflict without markers looks settled.
 */
export function driverCommand(program: string): string {
  const quoted = `'${program.replaceAll("%", "%%").replaceAll("'", "'\\''")}'`;
  const style = '--conflict-style="$(git config merge.conflictStyle)"';
  const labels = "--label-base=%S --label-ours=%X --label-theirs=%Y";
  const nexus = `${quoted} merge --driver --marker-size=%L ${style} ${labels} -- %O %A %B %P`;
  // A Node.js that breaks ends with 1 too, but leaves no markers.
  const isMarked = "[ $? -eq 1 ] && grep -q '^<<<<<<<' %A";
  const lines = "git merge-file --marker-size=%L -L ours -L base -L theirs %A %O %B || exit 1";
  const told = `printf "nexus: %%s: left to git alone\\n" %P >&2`;
  return `if ${nexus}; then exit 0; elif ${isMarked}; then exit 1; fi; ${told}; ${lines}`;
}
