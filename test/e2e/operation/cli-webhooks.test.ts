import { expect, test } from "@jest/globals";
import * as z from "zod";
import { commandLine } from "../support/cli/command-line.ts";
import { csvFiles, lines } from "../support/cli/submitted-files.ts";
import { startProduct } from "../support/product.ts";
import { until } from "../support/until.ts";

const product = await startProduct();
const { kard, auditsAtKard } = product;
const { folder, run, json } = commandLine(product);

const fileOf = csvFiles(folder);

test("creates, tests, replays, rotates and deletes a subscription", async () => {
  const receiver = await product.newWebhookReceiver();
  const subscription = z.looseObject({ id: z.string(), attributes: z.looseObject({ secret: z.string().optional() }) });
  const { id, attributes } = await json(subscription, 0, "subscriptions", "create", receiver.url, "--description", "x");
  expect(attributes.secret).toMatch(/^whsec_/);
  expect(await json(z.array(subscription), 0, "subscriptions", "list")).toMatchObject([{ id }]);
  expect(await run(["subscriptions", "test", id])).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^delivered: 204, /),
  });

  await json(lines, 0, "submit", fileOf("told.csv", "cli-7,usr-7,3006,Café Zoé,never posted,"));
  kard.closeAudit(auditsAtKard("cli-7")[0]?.id ?? "", { resolutionCode: 5004 });
  const notification = z.looseObject({ id: z.string(), attributes: z.looseObject({ eventId: z.string() }) });
  const told = await until("it is delivered", async () => {
    const found = await json(z.array(notification), 0, "notifications", "--status", "delivered", "--subscription", id);
    return found.length > 0 && found;
  });
  const bodies = () => receiver.received.map(({ body }) => body).filter((body) => body.includes("cli-7"));
  expect(bodies()).toHaveLength(1);
  expect(await run(["replay", told[0]?.id ?? ""])).toMatchObject({
    code: 0,
    stdout: `${told[0]?.attributes.eventId} is replayed\n`,
  });
  await until("the webhook is sent again", () => bodies().length === 2);
  expect(new Set(bodies()).size).toBe(1);

  expect((await run(["subscriptions", "rotate", id])).stdout).not.toContain(attributes.secret);
  expect(await run(["subscriptions", "delete", id, "none"])).toMatchObject({ code: 1, stdout: `${id} is deleted\n` });
  expect(await json(z.array(subscription), 0, "subscriptions", "list")).toEqual([]);
});

test("recover counts undelivered webhooks first, then sends them", async () => {
  const receiver = await product.newWebhookReceiver();
  const { stdout } = await run(["subscriptions", "create", receiver.url]);
  const id = stdout.split("\n")[0] ?? "";
  receiver.respondWith(410);
  await json(lines, 0, "submit", fileOf("lost.csv", "cli-8,usr-8,3006,Café Zoé,never posted,"));
  kard.closeAudit(auditsAtKard("cli-8")[0]?.id ?? "", { resolutionCode: 5004 });
  await until("it is held", async () => {
    const held = await json(z.array(z.unknown()), 0, "notifications", "--status", "held", "--subscription", id);
    return held.length === 1;
  });
  receiver.respondWith(204);
  const recover = ["recover", id, "--since", "2026-01-01"];
  const count = z.object({ dryRun: z.boolean(), notifications: z.number() });
  expect(await json(count, 0, ...recover)).toEqual({ dryRun: true, notifications: 1 });
  const before = receiver.received.length;
  expect(await json(count, 0, ...recover, "--yes")).toEqual({ dryRun: false, notifications: 1 });
  await until("it is sent", () => receiver.received.length > before);
  await until("that is known", async () => (await json(count, 0, ...recover)).notifications === 0);
  expect(await json(count, 0, ...recover, "--delivered")).toEqual({ dryRun: true, notifications: 1 });
});
