import { fromItem } from "../../../functions/adapters/dynamodb/table/table.ts";
import type { AuditRequest } from "../../../functions/core/kard/audit-request.ts";
import { notification as notificationSchema } from "../../../functions/core/notifications/notification.ts";
import type { World } from "../world/world.ts";

export const second = 1_000;
export const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;

export const request = (name: string, changes: Partial<AuditRequest> = {}): AuditRequest => ({
  transactionId: `txn-${name}`,
  auditCode: 3006,
  merchantName: "Corner Coffee",
  auditDescription: `No cashback for ${name}`,
  ...changes,
});

export const idempotency = { key: "key-1", fingerprint: "print-1" };

/** Submits an audit, repeating the request until it is answered, and lets Kard close it. */
export async function closedAudit(world: World): Promise<void> {
  await filed(world);
  for (const id of world.kard.audits.keys()) world.kard.close(id);
}

export async function filed(world: World, name = "one"): Promise<void> {
  for (let tries = 1; tries <= 20; tries++) {
    const ended = await world.submit({ requests: [request(name)], idempotency: { key: name, fingerprint: name } });
    if (ended.ended === "done") return;
    await world.wait(10 * minute);
  }
  throw new Error("no response");
}

/** Submits an audit whose create response is lost. Returns the tracker's id. */
export async function lostCreate(world: World): Promise<string> {
  world.kard.setMute(true);
  await filed(world);
  return world.submitted[0]?.auditIds[0] ?? "";
}

/** The first poll of an audit. */
export async function firstPoll(world: World): Promise<void> {
  await world.wait(5 * minute);
  await minutes(world, 1);
}

/** Runs schedules and queues for minutes. */
export async function minutes(world: World, count: number): Promise<void> {
  for (let minutesPassed = 0; minutesPassed < count; minutesPassed++) {
    await world.wait(minute);
    await world.poll();
    await world.sweep();
    await world.deliver();
  }
}

/** Whether the queue refused the message permanently and the row says so. */
export function isRefusedFor(world: World, name: string, type: string): boolean {
  return [...world.rows.rows.values()].some(
    ({ sk, eventName, failure }) =>
      sk?.S?.startsWith("NOTIFICATION#") && sk.S.endsWith(`#${name}`) && eventName?.S === type && failure !== undefined,
  );
}

export function everyoneGot(world: World, names: readonly string[], type: string): void {
  for (const name of names) {
    const endpoint = world.endpoints.all.get(`https://${name}.example/`);
    const arrived = endpoint?.received.some(
      ({ body, statusCode }) => JSON.parse(body).type === type && statusCode < 300,
    );
    if (!arrived && !isRefusedFor(world, name, type)) world.history.violated(`${name} was never told ${type}`);
  }
}

export const tenNames = Array.from({ length: 10 }, (_, number) => `endpoint-${number}`);

/** Each event was delivered, and that is recorded, within this time. */
export function recordedWithin(world: World, names: readonly string[], ms: number): void {
  const items = [...world.rows.rows.values()].filter(({ sk }) => sk?.S?.startsWith("NOTIFICATION#"));
  for (const record of items.map((item) => fromItem(notificationSchema, item))) {
    if (!names.includes(record.subscriptionId)) continue;
    const at = record.attempts.at(-1)?.at ?? Number.POSITIVE_INFINITY;
    if (record.status !== "delivered" || at - record.createdAt > ms) {
      world.history.violated(
        `${record.subscriptionId}: ${record.status} after ${(at - record.createdAt) / minute} min`,
      );
    }
  }
}
