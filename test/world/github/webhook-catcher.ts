import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

interface Caught {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A server that takes webhooks and keeps what it got. `answer` is the status it gives. */
export async function catchWebhooks(answer: () => number = () => 200) {
  const caught: Caught[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
    caught.push({ headers: request.headers, body: Buffer.concat(chunks).toString() });
    response.writeHead(answer()).end("ok");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/hook`,
    caught: caught as readonly Caught[],
    /** Events with their actions, in alphabetical order: deliveries overtake each other. */
    names: () =>
      caught
        .map(({ headers, body }) => {
          const { action } = JSON.parse(body) as { action?: string };
          const event = String(headers["x-github-event"]);
          return action === undefined ? event : `${event}.${action}`;
        })
        .sort(),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
