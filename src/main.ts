import { createLog } from "../jobs/log.ts";
import { createApp } from "./app.ts";
import { parseWebConfig, passwordsIn } from "./config.ts";
import { createRedactor } from "./core/redact.ts";
import { createReceiver } from "./github/webhook-receiver.ts";
import { startWebhookServer, WEBHOOK_PATH } from "./github/webhook-server.ts";
import { runProcess, stopped } from "./servers/lifecycle.ts";
import { openStore } from "./store/store.ts";

/** The web process: keeps deliveries, answers GitHub. It holds the webhook secret and no key. */
await runProcess("The web process", async (signal) => {
  const config = parseWebConfig(process.env);
  const redact = createRedactor([config.webhookSecret, ...passwordsIn([config.databaseUrl])]);
  const log = createLog({ name: "web", level: config.logLevel, redact });
  await using store = await openStore(config.databaseUrl, { log });

  const app = createApp((task) => store.inbox.receive(task));
  const receive = await createReceiver({ secret: config.webhookSecret, app, log });
  const healthy = () =>
    store.ping().then(
      () => true,
      () => false,
    );
  const server = await startWebhookServer({ ...config, receive, healthy, log });
  log.info({ url: `${server.url}${WEBHOOK_PATH}` }, "waiting for webhooks");
  await stopped(signal);
  await server.drain();
});
