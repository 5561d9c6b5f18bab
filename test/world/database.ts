import { randomBytes } from "node:crypto";
import pg from "pg";

/** A database of the test's own on the shared server. */
export interface FreshDatabase extends AsyncDisposable {
  readonly url: string;
  /** One statement, past the store, to look or to spoil. */
  sql(text: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  /** Runs a statement in a transaction that stays open, with its locks, until it is disposed: rolled back. */
  hold(text: string): Promise<AsyncDisposable>;
}

/** Makes an empty database; it is dropped with everything that is still connected. */
export async function freshDatabase(adminUrl: string): Promise<FreshDatabase> {
  const name = `test_${randomBytes(6).toString("hex")}`;
  await once(adminUrl, `create database ${name}`);
  const address = new URL(adminUrl);
  address.pathname = `/${name}`;
  const url = address.href;
  return {
    url,
    sql: (text, values = []) => once(url, text, values),
    async hold(text) {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query("begin");
      await client.query(text);
      return { [Symbol.asyncDispose]: () => client.end() };
    },
    async [Symbol.asyncDispose]() {
      await once(adminUrl, `drop database if exists ${name} with (force)`);
    },
  };
}

async function once(
  url: string,
  text: string,
  values: readonly unknown[] = [],
): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text, [...values])).rows;
  } finally {
    await client.end();
  }
}
