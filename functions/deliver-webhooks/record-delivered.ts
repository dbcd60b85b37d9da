import type { NotificationStore } from "../core/ports.ts";
import type { DeliverResult } from "./deliver-webhook.ts";

export interface RecordDeliveredDeps {
  notifications: Pick<NotificationStore, "putDelivered">;
  report: (what: string, error: unknown) => void;
}

/**
 * Records what a batch has delivered, together. All other results are on record already.
 *
 * @returns those that could not be recorded: their messages must come again
 */
export function recordDelivered(deps: RecordDeliveredDeps) {
  return async <Of extends { result: DeliverResult }>(done: readonly Of[]): Promise<Of[]> => {
    const delivered = done.flatMap(({ result }) => (result.result === "delivered" ? [result.notification] : []));
    const unrecorded = new Set(
      await deps.notifications.putDelivered(delivered).catch((error: unknown) => {
        deps.report("deliveries were not recorded", error);
        return delivered;
      }),
    );
    return done.filter(({ result }) => result.result === "delivered" && unrecorded.has(result.notification));
  };
}
