import Docker from "dockerode";

/** What the engine tells of an owner's containers, from now on. */
export interface WatchedContainers extends AsyncDisposable {
  /** Ids of those that were made. */
  made(): readonly string[];
  /** Their settings as JSON, and every event of theirs, with the commands that were run in them. */
  told(): Promise<string>;
}

interface EngineEvent {
  readonly Action: string;
  readonly Actor: { readonly ID: string };
}

/** Inspects each container of this owner when it is made: none is gone before it was looked at. */
export async function watchContainers(owner: string): Promise<WatchedContainers> {
  const docker = new Docker();
  const stream = await docker.getEvents({
    filters: { type: ["container"], label: [`nexus.owner=${owner}`] },
  });
  const ids = new Set<string>();
  const events: string[] = [];
  const inspections: Promise<string>[] = [];

  let rest = "";
  stream.setEncoding("utf8").on("data", (chunk: string) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      events.push(line);
      const { Action, Actor }: EngineEvent = JSON.parse(line);
      if (Action !== "create") continue;
      ids.add(Actor.ID);
      inspections.push(inspected(docker.getContainer(Actor.ID)));
    }
  });
  return {
    made: () => [...ids],
    told: async () => [...events, ...(await Promise.all(inspections))].join("\n"),
    async [Symbol.asyncDispose]() {
      if ("destroy" in stream && typeof stream.destroy === "function") stream.destroy();
      await Promise.allSettled(inspections);
    },
  };
}

function inspected(container: Docker.Container): Promise<string> {
  const looking = container.inspect().then((found) => JSON.stringify(found));
  // Who asks what was told hears of a failure; until then nobody does.
  looking.catch(() => undefined);
  return looking;
}
