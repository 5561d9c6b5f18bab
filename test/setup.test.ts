import pg from "pg";
import { expect, inject, it } from "vitest";

it("shares the PostgreSQL that npm brought, whatever the system has", async () => {
  const client = new pg.Client({ connectionString: inject("databaseUrl") });
  await client.connect();

  const { rows } = await client.query("show server_version");

  expect(rows).toEqual([{ server_version: expect.stringMatching(/^18\./) }]);
  await client.end();
});
