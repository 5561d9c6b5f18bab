import type { Question } from "./raw-client.ts";

/** Hosts that the way out is for. */
export const HOSTS = [
  "allowed.test",
  "*.wild.test",
  ...["private", "loop", "linked", "carrier", "six", "embedded", "own", "both"].map(
    (name) => `${name}.test`,
  ),
];
const END = "Connection: close\r\n\r\n";
/** A plain request. */
export const get = (url: string, host = "allowed.test") =>
  `GET ${url} HTTP/1.1\r\nHost: ${host}\r\n${END}`;
/** A request for a tunnel. */
export const connect = (to: string) => `CONNECT ${to} HTTP/1.1\r\nHost: ${to}\r\n${END}`;

/** Each spelling of an address that some program or other understands. */
function spellings(address: string): string[] {
  const parts = address.split(".").map(Number);
  const value = parts.reduce((sum, part) => sum * 256 + part, 0);
  return [
    address,
    `${value}`,
    `0x${value.toString(16)}`,
    parts.map((part) => `0x${part.toString(16)}`).join("."),
    parts.map((part) => `0${part.toString(8)}`).join("."),
    `${parts[0]}.${value % 2 ** 24}`,
    `[::ffff:${address}]`,
    `${address}.`,
  ];
}

/** What must arrive at the named host. */
export const PASSING: readonly Question[] = [
  { name: "a named host", bytes: get("http://allowed.test/a") },
  { name: "a named host in upper case", bytes: get("http://ALLOWED.Test/b") },
  { name: "a named host with a dot at its end", bytes: get("http://allowed.test./c") },
  { name: "a name below a named one", bytes: get("http://deep.er.wild.test/d") },
  { name: "another name before the @", bytes: get("http://other.test@allowed.test/e") },
  { name: "another host in the Host line", bytes: get("http://allowed.test/f", "other.test") },
];

/** What is refused of plain requests, with the other host's address, its gateway's and this machine's. */
export const refusedUrls = (
  address: string,
  gateway: string,
  machine: string,
): readonly string[] => [
  "http://other.test/",
  "http://wild.test/",
  "http://allowed.test.other.test/",
  "http://notallowed.test/",
  "http://allowed.test-other.test/",
  "http://allowed/",
  "http://xn--llowed-5wf.test/",
  "http://allowed.test@other.test/",
  "http://allowed.test:80@other.test/",
  "http://allowed.test%2eother.test/",
  "http://allowed.test:22/",
  "http://allowed.test:8443/",
  "http://allowed.test:65616/",
  "https://allowed.test/",
  "ftp://allowed.test:80/",
  "cache_object://allowed.test/info",
  "http://nexus:3128/squid-internal-mgr/info",
  "http://localhost/",
  "http://localhost:3128/",
  "http://169.254.169.254/latest/meta-data/",
  "http://[::1]/",
  "http://[fd00::1]/",
  "http://127.1/",
  "http://0/",
  `http://${gateway}/`,
  `http://${machine}/`,
  ...spellings("127.0.0.1").map((host) => `http://${host}/`),
  ...spellings(address).map((host) => `http://${host}/`),
  "http://private.test/",
  "http://loop.test/",
  "http://linked.test/",
  "http://carrier.test/",
  "http://six.test/",
  "http://embedded.test/",
  "http://own.test/",
  "http://both.test/",
];

/** What is refused of tunnels. */
export const refusedTunnels = (address: string): readonly string[] => [
  "other.test:443",
  "allowed.test.other.test:443",
  "allowed.test:22",
  "allowed.test:80",
  "allowed.test:8443",
  "private.test:443",
  "loop.test:443",
  `${address}:443`,
  `[::ffff:${address}]:443`,
  "2130706433:443",
];

/** What must not reach the other host, whatever the proxy makes of it. */
export const CONFUSING: readonly Question[] = [
  { name: "a tunnel with two hosts", bytes: connect("allowed.test:443@other.test:443") },
  { name: "a tunnel with a path", bytes: connect("allowed.test:443/@other.test:443") },
  { name: "a name in another alphabet", bytes: get("http://\u0430llowed.test/") },
  { name: "no host in the address", bytes: get("/", "other.test") },
  {
    name: "two Host lines",
    bytes: `GET http://allowed.test/ HTTP/1.1\r\nHost: allowed.test\r\nHost: other.test\r\n${END}`,
  },
  {
    name: "a line within a line",
    bytes: `GET http://allowed.test/ HTTP/1.1\r\nHost: allowed.test\r\nX: y\nHost: other.test\r\n${END}`,
  },
  { name: "a space in the address", bytes: get("http://allowed.test/ http://other.test/") },
  {
    name: "a request in the body of another",
    bytes: `POST http://allowed.test/ HTTP/1.1\r\nHost: allowed.test\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n${get("http://other.test/smuggled", "other.test")}`,
  },
  {
    name: "a body shorter than it says",
    bytes: `GET http://allowed.test/ HTTP/1.1\r\nHost: allowed.test\r\nContent-Length: 0\r\nContent-Length: 99\r\n\r\n${get("http://other.test/smuggled", "other.test")}`,
  },
  {
    name: "a second request on one connection",
    bytes: `GET http://allowed.test/ HTTP/1.1\r\nHost: allowed.test\r\n\r\n${get("http://other.test/second", "other.test")}`,
  },
];
