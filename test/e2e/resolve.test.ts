import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { git, readCommit } from "../world/github/git.ts";
import { until } from "../world/until.ts";
import { PERSON, startWorld, type World } from "./world.ts";

type Repo = Awaited<ReturnType<World["repository"]>>;

/** Any number, as long as nobody else locks it. */
const LOCK = 4343;

const IMPORTS = 'import { a } from "./a.ts";\n';
const SOURCE = "\nexport const all = [a];\n";

const WAIT = { what: "Nexus to end with its own pull request", timeoutMs: 120_000 };

const withImport = (name: string) => `${IMPORTS}import { ${name} } from "./${name}.ts";\n${SOURCE}`;

/** A project whose check wants its files without conflict markers, and `red` nowhere. */
const FILES = {
  "main.ts": `${IMPORTS}${SOURCE}`,
  "words.txt": "one\n",
  "check.sh": "! grep -rnE '^(<<<<<<<|=======|>>>>>>>|red)' main.ts words.txt\n",
  ".github/nexus.yml": "checks:\n  - name: clean\n    command: sh check.sh\n",
};

describe("a pull request that conflicts with its base", () => {
  let world: World;
  beforeAll(async () => {
    world = await startWorld();
    // How far a task has come is written before a stage counts as done.
    await world.database.sql(`
      create table public.hold_at (stage text);
      create function public.hold() returns trigger language plpgsql as $$ begin
        if exists (select from public.hold_at where stage = any(new.reached))
          and new.reached is distinct from old.reached
        then perform pg_advisory_xact_lock(${LOCK}); end if;
        return new;
      end $$;
      create trigger hold before update on nexus.tasks for each row execute function public.hold();`);
  });
  afterAll(() => world[Symbol.asyncDispose]());

  type Changes = Readonly<Record<string, string>>;

  /** A pull request of a person's on a base that has moved on. */
  async function conflicting(name: string, { mine, theirs }: { mine: Changes; theirs: Changes }) {
    const repo = await world.repository(name, FILES);
    const { github } = world;
    const branch = "maria/feature";
    await github.commit(repo, { branch, files: mine, message: "feat: mine", by: PERSON });
    const wish = { head: branch, base: "main", title: "Add mine", body: "", by: PERSON };
    const number = await github.openPullRequest(repo, wish);
    const onMain = { branch: "main", files: theirs, message: "feat: theirs", by: PERSON };
    const base = await github.commit(repo, onMain);
    const head = (await github.branches(repo)).get(branch) ?? "";
    return { repo, branch, number, base, head };
  }

  async function askToResolve(repo: Repo, number: number): Promise<void> {
    await world.github.comment(repo, number, { by: PERSON, body: "/nexus resolve" });
  }

  async function tip(repo: Repo, branch: string): Promise<string | undefined> {
    return (await world.github.branches(repo)).get(branch);
  }

  async function workerWaits(): Promise<boolean> {
    const waiting =
      "select 1 from pg_locks where locktype = 'advisory' and not granted and objid = $1";
    return (await world.database.sql(waiting, [LOCK])).length > 0;
  }

  it("only in its imports is merged, verified, and moved forward with its proof", async () => {
    const { github } = world;
    const { repo, branch, number, base, head } = await conflicting("imports", {
      mine: { "main.ts": `${IMPORTS}import { b } from "./b.ts";\n${SOURCE}` },
      theirs: { "main.ts": `${IMPORTS}import { c } from "./c.ts";\n${SOURCE}` },
    });

    await askToResolve(repo, number);
    const comment = await world.ended(repo, number);

    expect(comment).toContain("merges again");
    const [pull] = await github.pulls(repo);
    const merged = pull?.headSha ?? "";
    const folder = github.gitFolder(repo);
    expect((await readCommit(folder, merged)).parents).toEqual([head, base]);
    expect((await git(folder, ["show", `${merged}:main.ts`])).stdout.toString()).toBe(
      `${IMPORTS}import { b } from "./b.ts";\nimport { c } from "./c.ts";\n${SOURCE}`,
    );
    expect(comment).toContain(merged.slice(0, 7));
    expect(comment).toContain("`main.ts`");
    expect(pull).toMatchObject({ head: branch, title: "Add mine", body: "", state: "open" });
    expect(await github.checkRuns(repo, merged)).toMatchObject([
      { name: "Nexus shadow run", conclusion: "success" },
    ]);
    expect((await github.pulls(repo)).length).toBe(1);
    expect(github.violations).toEqual([]);
  });

  it("in what nobody can prove is told to people, and nothing is pushed", async () => {
    const { repo, branch, number, head } = await conflicting("real", {
      mine: { "words.txt": "mine\n" },
      theirs: { "words.txt": "theirs\n" },
    });

    await askToResolve(repo, number);
    const comment = await world.ended(repo, number);

    expect(comment).toContain("### Nexus: conflicts are left");
    expect(comment).toContain("#### `words.txt`");
    expect(comment).toContain("\n-one\n+mine\n");
    expect(comment).toContain("\n-one\n+theirs\n");
    expect(comment).toContain("- This pull request: Add mine; feat: mine");
    expect(comment).toContain("- Its base: feat: theirs");
    expect(comment).toContain("Nothing was pushed.");
    expect(await tip(repo, branch)).toBe(head);
  });

  it("and is red once it is merged is not pushed, and people are told that it was green before", async () => {
    const { repo, branch, number, head } = await conflicting("red", {
      mine: { "main.ts": withImport("b") },
      theirs: { "main.ts": withImport("c"), "words.txt": "red\n" },
    });

    await askToResolve(repo, number);
    const comment = await world.ended(repo, number);

    expect(comment).toContain("### Nexus: checks still fail");
    expect(comment).toContain(`Green before the merge, at \`${head.slice(0, 7)}\`: \`clean\`.`);
    expect(comment).toContain("Nothing was pushed.");
    expect(await tip(repo, branch)).toBe(head);
  });

  it("is left to who pushed to it meanwhile", async () => {
    const { github } = world;
    const { repo, branch, number } = await conflicting("moved", {
      mine: { "main.ts": `${IMPORTS}import { b } from "./b.ts";\n${SOURCE}` },
      theirs: { "main.ts": `${IMPORTS}import { c } from "./c.ts";\n${SOURCE}` },
    });
    const later = { branch, files: { "words.txt": "two\n" }, message: "later", by: PERSON };
    let theirs = "";

    {
      await using _held = await world.database.hold(`select pg_advisory_xact_lock(${LOCK})`);
      await world.database.sql("insert into public.hold_at values ('verify')");
      await askToResolve(repo, number);
      await until(workerWaits, { what: "the worker to be at the end of verify" });
      theirs = await github.commit(repo, later);
      await world.database.sql("delete from public.hold_at");
    }
    const comment = await world.ended(repo, number);

    expect(comment).toContain("not where it was when it was read");
    expect(await tip(repo, branch)).toBe(theirs);
  });

  /** A pull request as Nexus opens them, with a commit of its own. */
  async function ownPullRequest(repo: Repo, files: Changes) {
    const branch = "nexus/1-tidy-x1y2";
    const folder = world.github.gitFolder(repo);
    const what = { branch: "draft", files, message: "feat: b", by: PERSON };
    const draft = await readCommit(folder, await world.github.commit(repo, what));
    const [parent = ""] = draft.parents;
    const [name, email] = ["nexus[bot]", "nexus[bot]@users.noreply.github.com"];
    const env = {
      GIT_AUTHOR_NAME: name,
      GIT_AUTHOR_EMAIL: email,
      GIT_COMMITTER_NAME: name,
      GIT_COMMITTER_EMAIL: email,
    };
    const args = ["commit-tree", draft.tree, "-p", parent, "-m", "feat: b"];
    const head = (await git(folder, args, { env })).stdout.toString().trim();
    await git(folder, ["update-ref", `refs/heads/${branch}`, head]);
    const wish = { head: branch, base: "main", title: "Tidy", body: "", by: name };
    return { branch, head, number: await world.github.openPullRequest(repo, wish) };
  }

  async function endings(number: number): Promise<readonly unknown[]> {
    const asked =
      "select outcome->>'kind' as kind from nexus.tasks where state = 'done' and task->>'keepsMergeable' = 'true' and (task->>'issue')::int = $1";
    return (await world.database.sql(asked, [number])).map(({ kind }) => kind);
  }

  it("is kept mergeable without being asked where it is Nexus' own, until a person commits to it", async () => {
    const { github } = world;
    const repo = await world.repository("own", FILES);
    const { branch, head, number } = await ownPullRequest(repo, { "main.ts": withImport("b") });
    const onMain = (name: string) => {
      const files = { "main.ts": withImport(name) };
      return github.commit(repo, { branch: "main", by: PERSON, message: `feat: ${name}`, files });
    };

    const base = await onMain("c");
    await until(async () => (await endings(number)).length === 1, WAIT);

    const merged = (await tip(repo, branch)) ?? "";
    expect((await readCommit(github.gitFolder(repo), merged)).parents).toEqual([head, base]);
    const said = await until(async () => {
      const comments = await world.said(repo, number);
      return comments.length > 0 && comments;
    }, WAIT);
    expect(said).toMatchObject([{ body: expect.stringContaining("merges again") }]);

    const person = { branch, by: PERSON, message: "mine", files: { "words.txt": "two\n" } };
    const theirs = await github.commit(repo, person);
    await github.commit(repo, {
      branch: "main",
      by: PERSON,
      message: "three",
      files: { "words.txt": "three\n" },
    });
    await until(async () => (await endings(number)).length === 2, WAIT);

    expect(new Set(await endings(number))).toEqual(new Set(["refused", "resolved"]));
    expect(await tip(repo, branch)).toBe(theirs);
    expect(await world.said(repo, number)).toHaveLength(1);
    expect(github.violations).toEqual([]);
  });

  it("is merged with the newest base also where that moves twice in quick succession", async () => {
    const { github } = world;
    const repo = await world.repository("twice", FILES);
    const { branch } = await ownPullRequest(repo, { "main.ts": withImport("b") });
    const onMain = (name: string) => {
      const files = { "main.ts": withImport(name) };
      return github.commit(repo, { branch: "main", by: PERSON, message: `feat: ${name}`, files });
    };
    const folder = github.gitFolder(repo);
    let newest = "";

    {
      await using _held = await world.database.hold(`select pg_advisory_xact_lock(${LOCK})`);
      await world.database.sql("insert into public.hold_at values ('verify')");
      await onMain("c");
      await until(workerWaits, { what: "the worker to be at the end of verify" });
      newest = await onMain("d");
      await world.database.sql("delete from public.hold_at");
    }
    const holdsNewest = async () => {
      const head = (await tip(repo, branch)) ?? "";
      return (await readCommit(folder, head)).parents.includes(newest);
    };
    await until(holdsNewest, { ...WAIT, what: "the branch to hold the newest base" });

    const shown = await git(folder, ["show", `${await tip(repo, branch)}:main.ts`]);
    expect(shown.stdout.toString()).toBe(
      `${IMPORTS}import { b } from "./b.ts";\nimport { d } from "./d.ts";\n${SOURCE}`,
    );
    expect(github.violations).toEqual([]);
  });
});
