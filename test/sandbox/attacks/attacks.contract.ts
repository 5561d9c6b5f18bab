import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Edit } from "../../../src/core/change-set.ts";
import type { RefusedPath } from "../../../src/core/errors.ts";
import type { SandboxSession } from "../../../src/core/sandbox.ts";
import { leftovers } from "../engine-world.ts";
import type { Attack, CarriedFiles, CommandAttack, RefusedFiles, StagedAttack } from "./attack.ts";
import { type AttackWorld, attackWorld } from "./attack-world.ts";
import { ATTACKS_A } from "./attacks-a.ts";
import { ATTACKS_B } from "./attacks-b.ts";
import { ATTACKS_C } from "./attacks-c.ts";
import { ATTACKS_D } from "./attacks-d.ts";
import { ATTACKS_E } from "./attacks-e.ts";
import { ATTACKS_F } from "./attacks-f.ts";
import { ATTACKS_G } from "./attacks-g.ts";
import { ATTACKS_H } from "./attacks-h.ts";
import { ATTACKS_I } from "./attacks-i.ts";

/** Which engine is attacked. */
export interface Attacked {
  readonly name: string;
  readonly runtime: string | undefined;
  /** True where the kernel that commands see is gVisor's. */
  readonly gvisor: boolean;
}

const GROUPS: readonly (readonly [what: string, attacks: readonly Attack[]])[] = [
  ["the kernel and the container", ATTACKS_A],
  ["more than a fair share", ATTACKS_B],
  ["the network", ATTACKS_C],
  ["secrets", ATTACKS_D],
  ["the engine", ATTACKS_E],
  ["files on their way out", ATTACKS_F],
  ["git", ATTACKS_G],
  ["scripts, output and people", ATTACKS_H],
  ["others", ATTACKS_I],
];
const ROOT = join(import.meta.dirname, "../../..");
const TIMEOUT_MS = 300_000;

/** Every row of the list, tried for real: what the attacker gets, what is told, and that nothing outside is touched. */
export function attackSuite(engine: Attacked): void {
  describe(`on ${engine.name}, an attack`, () => {
    let world: AttackWorld;
    let before: unknown;
    beforeAll(async () => {
      world = await attackWorld(engine.runtime);
      before = await world.hostState();
    }, TIMEOUT_MS);
    afterAll(async () => await world?.[Symbol.asyncDispose](), TIMEOUT_MS);

    describe.each(GROUPS)("on %s", (_what, attacks) => {
      const shared = shareSession(() => world);
      afterAll(shared.close, TIMEOUT_MS);

      it.for(attacks)(
        "$id gets nothing of: $what",
        { timeout: TIMEOUT_MS },
        async (attack) => await judge({ world, engine, shared, attacks }, attack),
      );

      it("leaves nothing running and nothing touched outside", {
        timeout: TIMEOUT_MS,
      }, async () => {
        await shared.close();

        expect(world.leftRunning()).toEqual([]);
        expect(await leftovers(world.owner)).toBe(0);
        expect(await world.hostState()).toEqual(before);
      });
    });
  });
}

interface Judging {
  readonly world: AttackWorld;
  readonly engine: Attacked;
  readonly shared: SharedSession;
  readonly attacks: readonly Attack[];
}

async function judge(at: Judging, attack: Attack): Promise<void> {
  if ("attempt" in attack) await judgeCommand(at, attack);
  else if ("refused" in attack) await judgeRefused(at, attack);
  else if ("carried" in attack) await judgeCarried(at, attack);
  else if ("stage" in attack) await judgeStaged(at, attack);
  else expect(existsSync(join(ROOT, attack.provenIn))).toBe(true);
}

async function judgeCommand({ engine, shared }: Judging, attack: CommandAttack): Promise<void> {
  const session = await shared.session();
  const { stdin, timeoutMs } = attack;
  const result = await session.run(attack.attempt, {
    ...(stdin !== undefined && { stdin: Buffer.from(stdin) }),
    ...(timeoutMs !== undefined && { timeoutMs }),
  });

  const { gets, told } = (engine.gvisor && attack.onGvisor) || attack;
  if (typeof gets === "string") expect(result.output).toBe(gets);
  else expect(result.output).toMatch(gets);
  expect(result).toMatchObject({ exitCode: 0, ending: "exited", ...told });
}

async function judgeRefused(
  { engine, shared, attacks }: Judging,
  attack: RefusedFiles,
): Promise<void> {
  const rows = attacks.filter((one): one is RefusedFiles => "refused" in one);
  const paths = await shared.refused(rows);

  const { refused } = (engine.gvisor && attack.onGvisor) || attack;
  const own = paths.filter(({ path }) => path.startsWith(`${attack.at}/`));
  const found = own.map(({ path, why }) => [path.slice(attack.at.length + 1), why]);
  expect(Object.fromEntries(found)).toEqual(refused);
}

async function judgeCarried({ shared, attacks }: Judging, attack: CarriedFiles): Promise<void> {
  const rows = attacks.filter((one): one is CarriedFiles => "carried" in one);
  const edits = await shared.carried(rows);

  const own = edits.filter(({ path }) => path.startsWith(`${attack.at}/`));
  expect(own.map((edit) => shown(edit, attack.at))).toEqual(attack.carried);
}

async function judgeStaged({ world, engine }: Judging, attack: StagedAttack): Promise<void> {
  const came = await attack.stage(world);

  const { comes } = (engine.gvisor && attack.onGvisor) || attack;
  // Objects may say more than is compared.
  const compared = typeof comes === "object" && comes && !("asymmetricMatch" in comes);
  if (compared) expect(came).toMatchObject(comes);
  else expect(came).toEqual(comes);
}

function shown(edit: Edit, at: string): string {
  const path = edit.path.slice(at.length + 1);
  if (edit.kind === "delete") return `delete ${path}`;
  return `${edit.mode} ${path} ${Buffer.from(edit.content).toString()}`;
}

interface SharedSession {
  /** For commands that do not hurt each other. */
  session(): Promise<SandboxSession>;
  /** What is refused after all these files were planted. */
  refused(rows: readonly RefusedFiles[]): Promise<readonly RefusedPath[]>;
  /** What is carried after all these were, and was committed. */
  carried(rows: readonly CarriedFiles[]): Promise<readonly Edit[]>;
  close(): Promise<void>;
}

function shareSession(world: () => AttackWorld): SharedSession {
  let session: Promise<SandboxSession> | undefined;
  let refused: Promise<readonly RefusedPath[]> | undefined;
  let carried: Promise<readonly Edit[]> | undefined;
  return {
    session() {
      session ??= world().open();
      return session;
    },
    refused(rows) {
      refused ??= (async () => {
        await using own = await planted(world(), rows);
        const { code, paths } = await world().refusalOf(own);
        expect(code).toBe("sandbox.refused-path");
        return paths;
      })();
      return refused;
    },
    carried(rows) {
      carried ??= (async () => {
        await using own = await planted(world(), rows);
        const edits = await own.changes();
        const { mirror, commit } = world();
        const made = await mirror.commitEdits({ parent: commit, edits, message: "carried" });
        expect(made.files.length).toBeGreaterThan(0);
        return edits;
      })();
      return carried;
    },
    async close() {
      const open = session;
      session = undefined;
      await (await open)?.[Symbol.asyncDispose]();
    },
  };
}

async function planted(
  world: AttackWorld,
  rows: readonly (RefusedFiles | CarriedFiles)[],
): Promise<SandboxSession> {
  const session = await world.open();
  for (const { at, plant } of rows)
    await session.run(["sh", "-c", `mkdir -p "$1" && cd "$1" || exit\n${plant}`, "sh", at]);
  return session;
}
