import pg from "pg";
import { leavesConnectionBusy, storeFailure } from "./failures.ts";

/** Where warnings of the store go. */
export interface Log {
  warn(fields: object, message: string): void;
}

export interface PoolOptions {
  readonly url: string;
  readonly size: number;
  /** Limit for a connection, a statement and an answer. */
  readonly timeoutMs: number;
  readonly log: Log | undefined;
}

type Call = (...args: unknown[]) => unknown;

/** Settings of every connection: nothing waits without a limit, neither here nor in the server. */
export function connectionSettings({ url, timeoutMs }: { url: string; timeoutMs: number }) {
  return {
    connectionString: url,
    application_name: "nexus",
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    // A little earlier than our own limit: then the connection stays usable.
    statement_timeout: Math.ceil(timeoutMs * 0.9),
    idle_in_transaction_session_timeout: timeoutMs * 10,
    keepAlive: true,
  };
}

/** A pool whose failures are NexusErrors and which never hands out a connection that is still busy. */
export function createSteadyPool({ size, log, ...rest }: PoolOptions): pg.Pool {
  const pool = new pg.Pool({ ...connectionSettings(rest), max: size });
  // Without a listener an idle connection that breaks would end the process.
  pool.on("error", (error) => log?.warn({ err: error }, "an idle database connection broke"));
  pool.on("connect", steady);
  return Object.assign(pool, { connect: translating(pool.connect.bind(pool) as Call) });
}

/** Translates the failures of a connection's queries. */
export function steady(client: pg.ClientBase): void {
  // While it is handed out nobody else listens. The statement at work fails by itself.
  client.on("error", () => undefined);
  const query = client.query.bind(client) as Call;
  const dropIfBusy = (error: unknown): void => {
    if (leavesConnectionBusy(error) && client instanceof pg.Client) {
      // Ends by force while a statement is active; its result is then nobody's.
      client.end().catch(() => undefined);
    }
  };
  const withoutNul: Call = (text, values, ...more) =>
    query(text, Array.isArray(values) ? values.map(storable) : values, ...more);
  Object.assign(client, { query: translating(withoutNul, dropIfBusy) });
}

/** Postgres text cannot hold NUL. JSON is not touched: it holds NUL as an escape. */
function storable(value: unknown): unknown {
  return typeof value === "string" ? value.replaceAll("\0", "\uFFFD") : value;
}

/** The same function, in promise or callback style, with failures translated. */
function translating(call: Call, onFailure: (error: unknown) => void = () => undefined): Call {
  const failure = (error: unknown): unknown => {
    onFailure(error);
    return storeFailure(error);
  };
  return (...args) => {
    const callback = args.at(-1);
    if (typeof callback === "function") {
      return call(...args.slice(0, -1), (error: unknown, ...rest: unknown[]) =>
        callback(error ? failure(error) : error, ...rest),
      );
    }
    const result = call(...args);
    if (!(result instanceof Promise)) return result;
    return result.catch((error: unknown) => {
      throw failure(error);
    });
  };
}
