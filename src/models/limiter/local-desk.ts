import type { Desk, LimitRule } from "./desk.ts";
import { askLane, emptyLane, endLane, type Lane, leaveLane, takeLane } from "./lane.ts";

/** A desk of one process alone. */
export interface LocalDesk extends Desk {
  /** Somebody else let this ticket begin. */
  take(rule: LimitRule, ticket: string): void;
}

/** A desk that knows only this process. */
export function createLocalDesk(now: () => number): LocalDesk {
  const lanes = new Map<string, Lane>();
  const laneOf = ({ name }: LimitRule): Lane => {
    const lane = lanes.get(name) ?? emptyLane();
    lanes.set(name, lane);
    return lane;
  };
  return {
    ask: async (rule, ticket) => askLane(laneOf(rule), ticket, { rule, now: now() }),
    take: (rule, ticket) => takeLane(laneOf(rule), ticket, { rule, now: now() }),
    leave: async (rule, ticket) => leaveLane(laneOf(rule), ticket),
    // What runs here ends here.
    keep: async () => {},
    end: async (rule, ticket, ending) =>
      endLane(laneOf(rule), ticket, { rule, now: now(), ending }),
  };
}
