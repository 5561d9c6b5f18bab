/** What one proxy lets pass. All of it was checked before: nothing here is escaped. */
export interface Rules {
  /** Where the proxy listens: `address:port`. */
  readonly listen: string;
  /** Names that may be reached. */
  readonly hosts: readonly string[];
  /** Of these, names that may stand for addresses of a private network. */
  readonly privateHosts: readonly string[];
  /** The operator's own registry, wherever it is but on the proxy's own machine's loopback. */
  readonly registry?:
    | { readonly host: string; readonly port: number; readonly secure: boolean }
    | undefined;
  /** The machine's own addresses. */
  readonly hostAddresses: readonly string[];
}

/** The first word of each line that tells of a request. */
export const LOG_MARK = "nexus-egress";
/** How the proxy calls a refusal by these rules. */
export const REFUSED = "ERR_NEXUS_POLICY";
/** How it calls that a named host has no address. */
export const UNKNOWN = "ERR_NEXUS_UNKNOWN";

// Addresses of no host that anybody may name. The last four carry other addresses inside.
const NEVER = [
  "0.0.0.0/8 127.0.0.0/8 169.254.0.0/16 224.0.0.0/3",
  "::/128 ::1/128 fe80::/10 ff00::/8 fec0::/10",
  "64:ff9b::/96 64:ff9b:1::/48 2001::/32 2002::/16",
];

const PRIVATE = [
  "10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 192.0.0.0/24 198.18.0.0/15",
  "fc00::/7",
];

/**
 * Squid's configuration. A name is judged before it is looked up, so that nothing leaves in questions to
 * the DNS, and its addresses are judged before anything is sent. What could not be looked up does not pass.
 */
export function proxyRules(rules: Rules): string {
  return `${[
    `http_port ${rules.listen}`,
    ...MANNERS,
    ...named("named", rules.hosts),
    ...named("trusted", rules.privateHosts),
    ...NEVER.map((addresses) => `acl never dst ${addresses}`),
    ...[...PRIVATE, ...rules.hostAddresses].map((address) => `acl private dst ${address}`),
    ...LISTS,
    ...atRegistry(rules.registry),
    ...JUDGEMENT,
  ].join("\n")}\n`;
}

/** Keeps nothing, decrypts nothing, adds nothing to what it passes on. */
const MANNERS = [
  "pid_filename none",
  "visible_hostname nexus",
  "cache deny all",
  "cache_mem 0",
  "memory_pools off",
  "max_filedescriptors 4096",
  "pinger_enable off",
  "digest_generation off",
  "global_internal_static off",
  "shutdown_lifetime 0 seconds",
  "via off",
  "forwarded_for delete",
  "httpd_suppress_version_string on",
  "relaxed_header_parser off",
  "client_persistent_connections on",
  "server_persistent_connections off",
  "request_header_max_size 32 KB",
  "connect_timeout 20 seconds",
  "dns_timeout 15 seconds",
  "client_lifetime 2 hours",
  // Also the least time for which an answer holds: between judging an address and using it, it stays.
  "negative_dns_ttl 30 seconds",
  "cache_log /dev/stderr",
  `logformat nexus ${LOG_MARK} %Ss %err_code %>rd %>rP`,
  "access_log stdio:/dev/stdout nexus",
];

const LISTS = [
  "acl connect method CONNECT",
  "acl plain proto HTTP",
  "acl web port 80 443",
  "acl tls port 443",
  "acl literal dstdom_regex -n -i ^[0-9.]+$ (^|\\.)0x[0-9a-f]*$ : ^\\[",
  "acl resolved dst 0.0.0.0/0 ::/0",
];

const JUDGEMENT = [
  "http_access deny manager",
  "http_access deny literal",
  "http_access deny !web",
  "http_access deny connect !tls",
  "http_access deny !connect !plain",
  "http_access deny !named",
  "http_access deny never",
  "http_access deny private !trusted",
  "http_access deny !resolved",
  "http_access allow all",
  // Chosen by the last list that was looked into, also inside of another.
  `deny_info ${REFUSED} manager literal web tls plain never private`,
  `deny_info ${REFUSED} named named_exactly named_below trusted trusted_exactly trusted_below`,
  `deny_info ${UNKNOWN} resolved`,
];

// The name of no host keeps a list from being empty.
function named(list: string, names: readonly string[]): string[] {
  const exact = names.filter((name) => !name.startsWith("*."));
  const below = names.filter((name) => name.startsWith("*."));
  return [
    ...["nobody.invalid", ...exact].map((name) => `acl ${list}_exactly dstdomain -n ${name}`),
    ...["*.nobody.invalid", ...below].map(
      (name) => `acl ${list}_below dstdom_regex -n ${pattern(name)}`,
    ),
    `acl ${list} any-of ${list}_exactly ${list}_below`,
  ];
}

function atRegistry(registry: Rules["registry"]): string[] {
  if (!registry) return [];
  const way = registry.secure ? "connect" : "plain !connect";
  return [
    `acl registry_host dstdom_regex -n -i ^${escaped(registry.host)}$`,
    `acl registry_port port ${registry.port}`,
    `http_access allow ${way} registry_host registry_port !never resolved`,
  ];
}

function escaped(host: string): string {
  return host.replace(/[^a-z0-9-]/gi, "\\$&");
}

function pattern(name: string): string {
  return `^.+\\.${escaped(name.slice(2))}$`;
}
