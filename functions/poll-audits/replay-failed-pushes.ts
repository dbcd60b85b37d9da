import type { KardPushes } from "../core/kard-ports.ts";
import type { Clock, PushSubscriptionStore } from "../core/ports.ts";

export interface ReplayFailedPushesDeps {
  kard: Pick<KardPushes, "listFailedPushes" | "replayPush">;
  pushSubscriptions: Pick<PushSubscriptionStore, "list">;
  clock: Clock;
}

/** What a reconciliation did; `stopped` says that Kard had enough before the end, the next one goes on. */
export interface Replayed {
  organizations: number;
  replayed: number;
  failed: number;
  stopped: boolean;
}

/**
 * Has Kard push again whatever it lists as not delivered, for each issuer that it pushes for. The pushes are hints, so
 * that nothing is lost by one that is missed here: the poller finds the same a little later.
 *
 * @param stopAt epoch milliseconds after which nothing new is begun
 */
export function replayFailedPushes(deps: ReplayFailedPushesDeps) {
  return async (stopAt: number): Promise<Replayed> => {
    const result: Replayed = { organizations: 0, replayed: 0, failed: 0, stopped: false };
    for (const organizationId of await deps.pushSubscriptions.list()) {
      result.organizations++;
      // All pages are listed before the first replay, which would move the pages.
      const eventIds = await failedPushes(deps, organizationId);
      for (const eventId of eventIds) {
        if (deps.clock() >= stopAt) return { ...result, stopped: true };
        const { outcome } = await deps.kard.replayPush(organizationId, eventId);
        if (outcome === "throttled") return { ...result, stopped: true };
        result[outcome === "replayed" ? "replayed" : "failed"]++;
      }
    }
    return result;
  };
}

const mostPages = 10;

async function failedPushes({ kard }: ReplayFailedPushesDeps, organizationId: string): Promise<string[]> {
  const eventIds: string[] = [];
  let page: string | undefined;
  for (let read = 0; read < mostPages; read++) {
    const listed = await kard.listFailedPushes(organizationId, page);
    if (listed.outcome !== "listed") break;
    eventIds.push(...listed.eventIds);
    page = listed.next;
    if (page === undefined) break;
  }
  return eventIds;
}
