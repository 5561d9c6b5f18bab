import type Docker from "dockerode";
import type { Labels } from "../../../sandbox/container/container.ts";
import { shortRun } from "../../../sandbox/egress/short-run.ts";

/** Bytes for the proxy, as a program in a container might send them. */
export interface Question {
  readonly name: string;
  readonly bytes: string;
  /** Where to instead of the proxy. */
  readonly to?: { readonly host: string; readonly port: number };
}

/** What each question was answered, by its name; `error: CODE` where no connection came about. */
export type Answers = ReadonlyMap<string, string>;

// Runs as plain Node in the container: eight connections at a time, each read to its end.
const CLIENT = `
const net = require("node:net"), dgram = require("node:dgram"), dns = require("node:dns");
const put = ({ bytes, to = { host: "127.0.0.1", port: 3128 } }) => new Promise((done) => {
  let answer = "";
  const socket = net.connect(to);
  const end = () => { socket.destroy(); done(answer.slice(0, 900)); };
  socket.on("connect", () => socket.write(bytes));
  socket.on("data", (data) => { answer += data.toString("latin1"); });
  socket.on("error", (error) => { answer ||= "error: " + error.code; end(); });
  socket.on("close", end);
  socket.setTimeout(100000, () => { answer += " TIMEOUT"; end(); });
});
const datagram = (host, port) => new Promise((done) => {
  const socket = dgram.createSocket("udp4");
  socket.on("error", (error) => done("error: " + error.code));
  socket.send("x", port, host, (error) => done(error ? "error: " + error.code : "sent"));
}).catch((error) => "error: " + error.code);
const lookup = (name) => new Promise((done) => dns.resolve4(name, (error) => done(error ? "error: " + error.code : "found")));
(async () => {
  const relay = net.createServer((from) => {
    const to = net.connect(3128, "127.0.0.1");
    for (const side of [from, to]) side.on("error", () => { from.destroy(); to.destroy(); });
    from.pipe(to).pipe(from);
  });
  await new Promise((ready) => relay.listen(9999, "127.0.0.1", ready));
  const questions = JSON.parse(process.env.QUESTIONS), answers = {};
  const next = async () => {
    for (let one = questions.shift(); one; one = questions.shift()) answers[one.name] = await put(one);
  };
  await Promise.all(Array.from({ length: 8 }, next));
  answers["a datagram"] = await datagram("192.0.2.53", 53);
  answers["a lookup"] = await lookup("allowed.test");
  console.log(JSON.stringify(answers));
  process.exit();
})();
`;

/** Puts all questions from inside of a container's network, and a datagram and a lookup beside. */
export async function putAll(
  docker: Docker,
  at: { containerId: string; labels: Labels },
  questions: readonly Question[],
): Promise<Answers> {
  const plan = {
    image: "nexus-sandbox:latest",
    labels: at.labels,
    network: `container:${at.containerId}`,
    command: ["node", "-e", CLIENT],
    env: [`QUESTIONS=${JSON.stringify(questions)}`],
  };
  const said = await shortRun(docker, plan, new AbortController().signal);
  return new Map(Object.entries(JSON.parse(said) as Record<string, string>));
}
