import type { Notification, NotificationSeen } from "../core/notifications/notification.ts";
import type { NotificationStore } from "../core/notifications/ports.ts";
import type { DeliverResult } from "./deliver-webhook.ts";

export interface RecordDeliveredDeps {
  notifications: Pick<NotificationStore, "put" | "putDelivered">;
  report: (what: string, error: unknown) => void;
}

/**
 * Records what a batch has delivered. All other results are on record already.
 *
 * First attempts, whose rows were not read, are written together whatever is there, because `BatchWriteItem` takes no
 * conditions (https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_BatchWriteItem.html) and a conditional
 * write for each would be ten calls instead of one. That is safe: `decideDelivery` takes a row for unread only while no
 * other message can have brought an outcome. If a doubled first message has failed meanwhile, its retry is not needed
 * any more. A replay of the pending row asks for the delivery that this is. After an erasure within these minutes,
 * which needs `--include-open`, a row of ids and times comes back.
 *
 * A row that was read is written only if it stands as it was seen. Where it does not, a replay or an erasure has come
 * between, and the row stays as that left it.
 *
 * @returns those that could not be recorded: their messages must come again
 */
export function recordDelivered(deps: RecordDeliveredDeps) {
  const orReport =
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
      else writes.push(putSeen(notification, seen).catch(orReport([notification])));
    }
    if (unread.length > 0) writes.push(deps.notifications.putDelivered(unread).catch(orReport(unread)));
    const unrecorded = new Set((await Promise.all(writes)).flat());
    return done.filter(({ result }) => result.result === "delivered" && unrecorded.has(result.notification));
  };
}
