import type { RequestListener } from "node:http";
import { afterEach, describe, expect, jest, test } from "@jest/globals";
import { webhookSender } from "../../../../functions/adapters/webhooks/sender.ts";
import type { WebhookTargets } from "../../../../functions/core/subscriptions/webhook-url.ts";
import { noon } from "../../../support/fake-clock.ts";
import { aSubscription } from "../../../support/sample-audits.ts";
import { answering, startReceiver, stopReceivers } from "../../../support/webhooks/local-receivers.ts";

const local: WebhookTargets = { reach: "public-and-loopback", ports: [443] };
const message = { id: "evt_1", body: "{}" };

afterEach(async () => {
  jest.useRealTimers();
  await stopReceivers();
});

const post = (webhookUrl: string, options: { deadlineMs?: number } = {}) =>
  webhookSender(local, Date.now, options).send(aSubscription({ webhookUrl }), message);

describe("Retry-After", () => {
  test.each([
    ["7", 7_000],
    ["0", 0],
    ["999999999", 24 * 60 * 60_000],
    ["Sat, 14 Mar 2026 12:02:00 GMT", 120_000],
    ["Sat, 14 Mar 2026 11:00:00 GMT", 0],
    ["Saturday, 14-Mar-26 12:02:00 GMT", 120_000],
    ["60 ", 60_000],
    ["soon", undefined],
    ["+120", undefined],
    ["120;", undefined],
    ["1.5", undefined],
  ])("%p is %p ms", async (header, retryAfterMs) => {
    const { url } = await startReceiver(answering(503, { "retry-after": header }));
    const sender = webhookSender(local, () => noon);
    expect((await sender.send(aSubscription({ webhookUrl: url }), message)).retryAfterMs).toBe(retryAfterMs);
  });

  test.each([200, 404, 429, 500])("is read with %d, too", async (status) => {
    const { url } = await startReceiver(answering(status, { "retry-after": "7" }));
    expect(await post(url)).toMatchObject({ retryAfterMs: 7_000 });
  });
});

describe("the deadline", () => {
  test("ends an attempt at a receiver that does not respond", async () => {
    const { url } = await startReceiver(() => undefined);
    expect(await post(url, { deadlineMs: 100 })).toMatchObject({ delivered: false, attempt: { error: "timeout" } });
  });

  test("is 15 seconds", async () => {
    jest.useFakeTimers({ doNotFake: ["Date", "nextTick", "setImmediate", "queueMicrotask", "performance"] });
    const reached = Promise.withResolvers<void>();
    const { url } = await startReceiver(() => reached.resolve());
    let ended = false;
    const posting = post(url).finally(() => {
      ended = true;
    });
    await reached.promise;
    await jest.advanceTimersByTimeAsync(14_999);
    expect(ended).toBe(false);
    await jest.advanceTimersByTimeAsync(1);
    expect(await posting).toMatchObject({ delivered: false, attempt: { error: "timeout" } });
  });

  test("ends a response that never ends, although each chunk is in time", async () => {
    const { url } = await startReceiver((_, response) => {
      response.writeHead(500);
      const drip = setInterval(() => response.write("."), 10);
      response.on("close", () => clearInterval(drip));
    });
    expect(await post(url, { deadlineMs: 200 })).toMatchObject({ delivered: false, attempt: { error: "timeout" } });
  });
});

describe("a response that does not end well", () => {
  const endless: RequestListener = (_, response) => {
    const drip = setInterval(() => response.write("."), 10);
    response.on("close", () => clearInterval(drip));
  };
  const tooLarge: RequestListener = (_, response) => response.end("x".repeat(65 * 1024));
  const brokenOff: RequestListener = (_, response) => response.write("half", () => response.destroy());

  test.each([
    ["drips for ever", endless, "timeout"],
    ["is too large", tooLarge, "answer-too-large"],
    ["breaks off", brokenOff, "connection-failed"],
  ])("still has its status and Retry-After: one that %s", async (_, body, error) => {
    const { url } = await startReceiver((request, response) => {
      response.writeHead(429, { "retry-after": "7" });
      body(request, response);
    });
    expect(await post(url, { deadlineMs: 200 })).toMatchObject({
      ...{ delivered: false, retryAfterMs: 7_000, response: "" },
      attempt: { statusCode: 429, error },
    });
  });

  test("fails without a final status", async () => {
    const { url } = await startReceiver((_, response) => response.writeProcessing());
    const { attempt } = await post(url, { deadlineMs: 200 });
    expect(attempt).toMatchObject({ error: "timeout" });
    expect(attempt).not.toHaveProperty("statusCode");
  });
});

describe("a response's size", () => {
  const kilobytes = (count: number) => "x".repeat(count * 1024);

  test("of 64 KB is read", async () => {
    const { url } = await startReceiver(answering(500, {}, kilobytes(64)));
    expect((await post(url)).attempt).not.toHaveProperty("error");
  });

  test("above that is refused, and none of it is kept", async () => {
    const { url } = await startReceiver(answering(500, {}, kilobytes(65)));
    expect(await post(url)).toMatchObject({ delivered: false, attempt: { error: "answer-too-large" }, response: "" });
  });
});

describe("a 2xx status line is success, and the body is not awaited:", () => {
  const unending: RequestListener = (_, response) => {
    const drip = setInterval(() => response.write("."), 10);
    response.on("close", () => clearInterval(drip));
  };

  test.each<[string, RequestListener]>([
    ["one of 100 KB", (_, response) => response.end("x".repeat(100 * 1024))],
    ["one of 50 MB", (_, response) => response.end(Buffer.alloc(50 * 1024 * 1024, "x"))],
    ["one that drips for ever", unending],
    ["one that never comes", (_, response) => void response.flushHeaders()],
    ["one that breaks off", (_, response) => void response.write("half", () => response.destroy())],
  ])("%s", async (_, body) => {
    const { url, state } = await startReceiver((request, response) => {
      response.writeHead(200, { "content-type": "text/plain" });
      body(request, response);
    });
    const posted = await post(url, { deadlineMs: 60_000 });
    expect(posted).toMatchObject({ delivered: true, attempt: { statusCode: 200 } });
    expect(posted.attempt).not.toHaveProperty("error");
    expect(posted.attempt.ms).toBeLessThan(30_000);
    expect(state.connections).toBe(1);
  });

  test("nor its end, if a Content-Length is wrong", async () => {
    const { url } = await startReceiver((_, response) => {
      response.writeHead(200, { "content-length": "100" });
      response.write("half", () => response.destroy());
    });
    expect(await post(url)).toMatchObject({ delivered: true, attempt: { statusCode: 200 } });
  });

  test("and a connection whose body is complete is reused", async () => {
    const { url, state } = await startReceiver(answering(200, {}, "thanks"));
    const sender = webhookSender(local, Date.now);
    for (let time = 0; time < 10; time++) await sender.send(aSubscription({ webhookUrl: url }), message);
    // The first connection is still being returned when the second request starts.
    expect(state.connections).toBeLessThanOrEqual(2);
  });
});

test("the first 4 KB of a response are returned, for any status", async () => {
  const { url } = await startReceiver(answering(500, {}, "x".repeat(5_000)));
  expect((await post(url)).response).toBe("x".repeat(4_096));
});

test("a truncated last character is left out", async () => {
  const { url } = await startReceiver(answering(500, {}, `x${"é".repeat(4_000)}`));
  expect((await post(url)).response).toBe(`x${"é".repeat(2_047)}`);
});
