import { z } from "zod";
import { NexusError } from "../core/errors.ts";

const HttpUrl = z.url({ protocol: /^https?$/ });
/** GitHub's own rule for the names of accounts. */
const ACCOUNT = /^[a-z0-9](?:[a-z0-9-]{0,38})$/i;

/** Scheme, host and port. Throws `config.invalid` for anything that says more or less. */
export function originOf(name: string, text: string): string {
  const wanted = `${name}: an address like https://nexus.example.org is needed, without a path`;
  const { data } = HttpUrl.safeParse(text.trim());
  if (!data) throw new NexusError("config.invalid", wanted);
  const { origin, pathname, search, hash, username } = new URL(data);
  if (pathname !== "/" || search || hash || username)
    throw new NexusError("config.invalid", wanted);
  return origin;
}

/** Where a browser registers an App, for a person or for an organization. */
export function registrationPage(
  githubUrl: string,
  owner: { organization: string; state: string },
): string {
  const { organization, state } = owner;
  if (organization !== "" && !ACCOUNT.test(organization))
    throw new NexusError("config.invalid", "--org: no organization on GitHub is named like this");
  const account = organization === "" ? "" : `/organizations/${organization}`;
  return `${githubUrl}${account}/settings/apps/new?state=${state}`;
}
