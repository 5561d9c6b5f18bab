import type { Repo } from "./task.ts";

/** The rights of a person on a repository, as the platform says now. */
export type Permission = "admin" | "write" | "read" | "none";

export interface Issue {
  readonly title: string;
  /** Hostile text. */
  readonly body: string;
  readonly author: string;
  readonly state: "open" | "closed";
}

interface RepositoryFacts {
  readonly defaultBranch: string;
  readonly private: boolean;
}

/** Where the commits of a pull request are, and where they are to go. */
interface PullRequestFacts {
  readonly branch: string;
  /** False for a fork, which Nexus cannot push to. */
  readonly sameRepository: boolean;
  /** The branch that it is to be merged into. */
  readonly base: string;
  /** Hostile text. */
  readonly title: string;
  readonly url: string;
  readonly state: "open" | "closed";
  /** What the platform says of a merge now: `behind` where its rules want the base's newest commits first. */
  readonly merges: "clean" | "conflict" | "behind" | "unknown";
}

/** What Nexus asks the code host. Reads only; writes are Effects. */
export interface Platform {
  permission(user: string): Promise<Permission>;
  issue(number: number): Promise<Issue>;
  repository(): Promise<RepositoryFacts>;
  pullRequest(number: number): Promise<PullRequestFacts>;
  /** Numbers of the open pull requests into a branch whose own branches begin so, newest first, 100 at most. */
  openPullRequests(at: { base: string; headPrefix: string }): Promise<readonly number[]>;
  /** Whether rules protect the branch from what may be done with others. */
  isProtected(branch: string): Promise<boolean>;
}

/** Opens the platform's view of one repository with a short-lived read token for it alone. */
export type OpenPlatform = (at: { repo: Repo; installationId: number }) => Promise<Platform>;
