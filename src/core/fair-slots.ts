/** On whose behalf somebody asks for a slot. */
export interface Claimant {
  readonly task: string;
  readonly repository: string;
}

/** Gives a slot back. Twice is once. */
export type GiveBack = () => void;

/** Places that all tasks of one machine share. */
export interface FairSlots {
  /** Resolves when a slot is the caller's. Rejects with the signal's reason once it fires, and holds nothing then. */
  take(by: Claimant, signal: AbortSignal): Promise<GiveBack>;
}

interface Waiting {
  readonly by: Claimant;
  grant(): void;
}

/**
 * Never more than `limit` slots at once. A free one goes to the repository that holds the fewest, there to the task
 * that holds the fewest, and among equals to whoever was served the longest ago: nobody waits for ever behind
 * somebody who asks for much.
 */
export function createFairSlots(limit: number): FairSlots {
  if (!(limit >= 1)) throw new RangeError("There must be at least one slot.");
  const waiting: Waiting[] = [];
  const repositories = createTurns();
  const tasks = createTurns();

  const grantAll = () => {
    while (repositories.all() < limit) {
      const next = nextOf(waiting, { repositories, tasks });
      if (!next) return;
      waiting.splice(waiting.indexOf(next), 1);
      repositories.take(next.by.repository);
      tasks.take(taskKey(next.by));
      next.grant();
    }
    repositories.forget(new Set(waiting.map(({ by }) => by.repository)));
    tasks.forget(new Set(waiting.map(({ by }) => taskKey(by))));
  };
  const giveBack = (by: Claimant): GiveBack => {
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      repositories.giveBack(by.repository);
      tasks.giveBack(taskKey(by));
      grantAll();
    };
  };
  return {
    async take(by, signal) {
      signal.throwIfAborted();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      const mine: Waiting = { by, grant: resolve };
      repositories.meet(by.repository);
      tasks.meet(taskKey(by));
      waiting.push(mine);
      const leave = () => {
        const at = waiting.indexOf(mine);
        if (at === -1) return;
        waiting.splice(at, 1);
        reject(signal.reason);
      };
      signal.addEventListener("abort", leave, { once: true });
      grantAll();
      try {
        await promise;
      } finally {
        signal.removeEventListener("abort", leave);
      }
      return giveBack(by);
    },
  };
}

function nextOf(
  waiting: readonly Waiting[],
  { repositories, tasks }: { readonly repositories: Turns; readonly tasks: Turns },
): Waiting | undefined {
  const repository = repositories.next(waiting.map(({ by }) => by.repository));
  const there = waiting.filter(({ by }) => by.repository === repository);
  const task = tasks.next(there.map(({ by }) => taskKey(by)));
  return there.find(({ by }) => taskKey(by) === task);
}

function taskKey({ repository, task }: Claimant): string {
  return `${repository} ${task}`;
}

interface Turns {
  /** Remembers since when somebody is here. */
  meet(name: string): void;
  take(name: string): void;
  giveBack(name: string): void;
  /** How many are held by all. */
  all(): number;
  /** Of these names the one whose turn it is. */
  next(names: readonly string[]): string | undefined;
  /** Forgets everybody who holds nothing, but for these. */
  forget(kept: ReadonlySet<string>): void;
}

/** Who holds how many, and who was served when, or came when. */
function createTurns(): Turns {
  const turns = new Map<string, { held: number; since: number }>();
  let tick = 0;
  let all = 0;
  const of = (name: string) => {
    const known = turns.get(name) ?? { held: 0, since: ++tick };
    turns.set(name, known);
    return known;
  };
  return {
    meet: (name) => void of(name),
    take(name) {
      const turn = of(name);
      turn.held += 1;
      turn.since = ++tick;
      all += 1;
    },
    giveBack(name) {
      of(name).held -= 1;
      all -= 1;
    },
    all: () => all,
    next(names) {
      const first = (a: string, b: string) => of(a).held - of(b).held || of(a).since - of(b).since;
      return [...new Set(names)].toSorted(first)[0];
    },
    forget(kept) {
      for (const [name, { held }] of turns) if (held === 0 && !kept.has(name)) turns.delete(name);
    },
  };
}
