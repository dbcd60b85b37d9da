import type { Notification, NotificationSeen } from "../core/notifications/notification.ts";
import type { NotificationStore } from "../core/notifications/ports.ts";
import type { DeliverResult } from "./deliver-webhook.ts";

export interface RecordDeliveredDeps {
  notifications: Pick<NotificationStore, "put" | "putDelivered">;
  report: (what: string, error: unknown) => void;
}

/**
 * Stores the delivered notifications of a batch. All other results are already stored.
 *
 * First attempts, whose rows were not read, are written together and unconditionally. `BatchWriteItem` has no
 * conditions (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html), and conditional
 * writes would be ten calls instead of one. This is safe: `decideDelivery` leaves a row unread only while no other
 * message can have brought an outcome. If a duplicate of the first message has failed, its retry is no longer needed.
 * If the pending row was replayed, this delivery fulfils the replay. After an erasure in these minutes, which needs
 * `--include-open`, a row of ids and times comes back.
 *
 * Rows that were read are written only if they are as they were seen. Otherwise a replay or an erasure came between,
 * and its row stays.
 *
 * @returns the records that could not be stored; their messages must come again
 */
export function recordDelivered(deps: RecordDeliveredDeps) {
  const reportAndReturn =
    <Result>(unrecorded: Result) =>
    (error: unknown) => {
      deps.report("deliveries were not recorded", error);
      return unrecorded;
    };
  const putSeen = async (notification: Notification, seen: NotificationSeen): Promise<Notification[]> => {
    await deps.notifications.put(notification, seen);
    return [];
  };
  return async <Of extends { result: DeliverResult }>(done: readonly Of[]): Promise<Of[]> => {
    const unread: Notification[] = [];
    const writes: Promise<Notification[]>[] = [];
    for (const { result } of done) {
      if (result.result !== "delivered") continue;
      const { notification, seen } = result;
      if (seen === undefined) unread.push(notification);
      else writes.push(putSeen(notification, seen).catch(reportAndReturn([notification])));
    }
    if (unread.length > 0) writes.push(deps.notifications.putDelivered(unread).catch(reportAndReturn(unread)));
    const unrecorded = new Set((await Promise.all(writes)).flat());
    return done.filter(({ result }) => result.result === "delivered" && unrecorded.has(result.notification));
  };
}
