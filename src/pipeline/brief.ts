import type { Brief } from "../swarm/architect.ts";
import { headOf, type TaskState } from "./task-state.ts";
import type { Workbench } from "./workbench.ts";

/** Files that tell most about a repository, in the order of their worth. */
const KEY_FILES = ["README.md", "package.json", "AGENTS.md", "CONTRIBUTING.md", "tsconfig.json"];

/** What the architect may read: the request, the repository's shape, and how its checks stand. */
export async function readBrief(bench: Workbench, state: TaskState): Promise<Brief> {
  const [platform, mirror] = await Promise.all([bench.platform(), bench.mirror()]);
  const head = headOf(state);
  const [issue, paths] = await Promise.all([
    platform.issue(state.task.issue),
    mirror.listFiles(head),
  ]);
  const files = await Promise.all(
    KEY_FILES.map(async (path) => ({ path, content: await mirror.readFile(head, path) })),
  );
  const tested = state.evidence ?? state.baseline;
  return {
    request: state.task.request,
    issue: { title: issue.title, body: issue.body },
    paths,
    files: files.flatMap(({ path, content }) => (content === undefined ? [] : [{ path, content }])),
    checks: tested?.checks ?? [],
    deny: state.deny,
  };
}
