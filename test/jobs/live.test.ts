import { afterAll, beforeAll, expect, it } from "vitest";
import { createLiveListener, createLivePublisher } from "../../jobs/live.ts";
import { createRedactor } from "../../src/core/redact.ts";
import { startRedis, type TestRedis } from "../world/redis.ts";
import { until } from "../world/until.ts";

const SECRET = "correct-horse-battery-staple";
const redact = createRedactor([SECRET]);

let redis: TestRedis;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis[Symbol.asyncDispose]());

function opened(bytesPerSecond = 65_536) {
  const publisher = createLivePublisher({ url: redis.url, redact, bytesPerSecond });
  const listener = createLiveListener(redis.url);
  return {
    publisher,
    listener,
    async [Symbol.asyncDispose]() {
      await publisher[Symbol.asyncDispose]();
      await listener[Symbol.asyncDispose]();
    },
  };
}

async function hear(listener: ReturnType<typeof createLiveListener>, taskId: string) {
  const heard: string[] = [];
  const subscription = await listener.subscribe(taskId, (text) => heard.push(text));
  const all = () => heard.join("");
  return {
    heard,
    subscription,
    all,
    until: (text: string) => until(() => all() === text, { what: JSON.stringify(text), tell: all }),
  };
}

it("says what a task writes to all who listen to it, and to nobody else", async () => {
  await using at = opened();
  await using other = createLiveListener(redis.url);
  const one = await hear(at.listener, "t1");
  const two = await hear(other, "t1");
  const stranger = await hear(other, "t2");

  at.publisher.publish("t1", "one\n");
  at.publisher.publish("t2", "other\n");
  at.publisher.publish("t1", "two\n");

  await one.until("one\ntwo\n");
  await two.until("one\ntwo\n");
  await stranger.until("other\n");
});

it("gathers what comes at once", async () => {
  await using at = opened();
  const { heard, until } = await hear(at.listener, "gathered");

  for (let line = 0; line < 100; line++) at.publisher.publish("gathered", "x\n");

  await until("x\n".repeat(100));
  expect(heard).toHaveLength(1);
});

it("says no secret, also where it comes in two pieces or in a line without an end", async () => {
  await using at = opened();
  const { until } = await hear(at.listener, "secret");

  at.publisher.publish("secret", `a ${SECRET.slice(0, 10)}`);
  at.publisher.publish("secret", `${SECRET.slice(10)} b\nc ${SECRET}`);

  await until("a [secret] b\nc [secret]");
});

it("says a line without an end when nothing follows", async () => {
  await using at = opened();
  const { until } = await hear(at.listener, "prompt");

  at.publisher.publish("prompt", "Password? ");

  await until("Password? ");
});

it("leaves out what is too much for a second, and says how much", async () => {
  await using at = opened(10);
  const { all } = await hear(at.listener, "flood");

  at.publisher.publish("flood", "12345\n".repeat(500));
  at.publisher.publish("flood", "12345\n".repeat(500));

  await until(() => all().endsWith("left out …\n"), { what: "the note", tell: all });
  expect(all()).toBe("12345\n1234… 5990 bytes left out …\n");
});

it("cuts no character in two", async () => {
  await using at = opened(4);
  const { until } = await hear(at.listener, "cut");

  at.publisher.publish("cut", "ä日\n");

  await until("ä… 4 bytes left out …\n");
});

it("is quiet once a subscription has ended, and the other one goes on", async () => {
  await using at = opened();
  const first = await hear(at.listener, "t1");
  const second = await hear(at.listener, "t1");
  first.subscription[Symbol.dispose]();
  first.subscription[Symbol.dispose]();

  at.publisher.publish("t1", "one\n");

  await second.until("one\n");
  expect(first.heard).toEqual([]);
  second.subscription[Symbol.dispose]();
  await until(
    async () => (await redis.command("PUBSUB", "NUMSUB", "nexus:live:t1")).endsWith(":0\r\n"),
    {
      what: "nobody to listen",
    },
  );
});

it("says what still waits when it is closed", async () => {
  await using listener = createLiveListener(redis.url);
  const { until } = await hear(listener, "last");
  {
    await using publisher = createLivePublisher({ url: redis.url, redact });
    publisher.publish("last", "words");
  }

  await until("words");
});

it("costs a task nothing when Redis is gone, and is heard again when it is back", async () => {
  await using own = await startRedis();
  await using publisher = createLivePublisher({ url: own.url, redact });
  await using listener = createLiveListener(own.url);
  const { all } = await hear(listener, "t1");
  await own.kill();

  for (let line = 0; line < 100; line++) publisher.publish("t1", "lost\n");
  await own.restart();

  await until(
    () => {
      publisher.publish("t1", "back\n");
      return all().includes("back\n");
    },
    { what: "to be heard again" },
  );
});

it("does not wait for a Redis that is deaf", async () => {
  await using own = await startRedis();
  const publisher = createLivePublisher({ url: own.url, redact });
  const listener = createLiveListener(own.url);
  const { subscription } = await hear(listener, "t1");
  own.hang();

  publisher.publish("t1", "x\n");
  subscription[Symbol.dispose]();
  await publisher[Symbol.asyncDispose]();
  await listener[Symbol.asyncDispose]();

  own.wake();
});
