import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { notificationId } from "../../../../functions/core/notifications/notification-id.ts";
import { runUsers } from "../../../../infra/commands/users/run-users.ts";
import { runInProcess } from "../cli/run-in-process.ts";
import type { Issuer } from "../issuer.ts";
import { never, startProduct } from "../product.ts";
import { newDirectory, run } from "../runner.ts";
import { storedRows } from "../stored-rows.ts";
import { until } from "../until.ts";
import { subscribe } from "../webhooks/webhooks.ts";
import { personalData } from "./personal-data.ts";

/**
 * Two users of an issuer with audits, notifications and webhooks, and a user with the same id of another issuer. All
 * their data is unique, so that a search finds it.
 */
export async function startWithUsers() {
  const { newIssuer, newWebhookReceiver, kard, auditsAtKard, outputs, stack } = await startProduct({
    tickSeconds: never,
    push: false,
  });
  const rows = storedRows(outputs);
  const folder = newDirectory();
  const outputsFile = join(folder, "outputs.json");
  writeFileSync(outputsFile, JSON.stringify(outputs));

  /** Starts the program. */
  const usersProgram = (...args: string[]) => run("users", [...args, "--outputs", outputsFile]).ended;
  const users = (...args: string[]) =>
    runInProcess(() => runUsers([...args, "--outputs", outputsFile], "npm run users --"));
  const of = ({ organizationId }: Issuer, userId: string) => ["--organization", organizationId, "--user", userId];

  const { canaries, personal, file, fileLegacy } = personalData();
  const issuer = await newIssuer();
  const stranger = await newIssuer();
  const [anna, bert] = [personal("user anna"), personal("user bert")];
  const [well, off] = [await newWebhookReceiver(), await newWebhookReceiver()];

  const pathOf = (...parts: string[]) => ["", "v2", "issuers", issuer.organizationId, ...parts].join("/");
  const closeAtKard = (transactionId: string) => kard.closeAudit(auditsAtKard(transactionId)[0]?.id ?? "");

  const statusesOf = async (id: string) =>
    (await issuer.audit(id)).attributes.notifications.map(({ status }) => status).sort();

  async function closeAndTell({ id, transactionId }: { id: string; transactionId: string }) {
    closeAtKard(transactionId);
    await issuer.call("POST", pathOf("audits", id, "refresh"));
    await until("everyone has a record", async () => (await statusesOf(id)).join() === "delivered,held");
  }

  await subscribe(issuer, well.url);
  const disabled = await subscribe(issuer, off.url);
  const setEnabled = (enabled: boolean) =>
    issuer.call("PATCH", pathOf("subscriptions", disabled.id), {
      body: { data: { type: "subscription", attributes: { enabled } } },
    });
  await setEnabled(false);

  const hers = await file(issuer, anna, { "idempotency-key": randomUUID() });
  const hersOfLegacy = await fileLegacy(issuer, anna);
  const his = await file(issuer, bert);
  const namesakes = await file(stranger, anna);
  await closeAndTell(hers);
  await closeAndTell(his);
  const hisBefore = await issuer.audit(his.id);
  const adoptedByHer = randomUUID();
  const notificationOfHers = notificationId({ auditId: hers.id, sequence: 1, subscriptionId: disabled.id });

  return {
    ...{ folder, rows, users, usersProgram, of, canaries, personal, file, issuer, stranger, anna, bert, well, off },
    ...{ kard, stack },
    ...{ pathOf, closeAtKard, statusesOf, closeAndTell, setEnabled },
    ...{ hers, hersOfLegacy, his, namesakes, hisBefore, adoptedByHer, notificationOfHers },
  };
}
