import type { OwnerTarget } from "../../functions/core/publishing/ports.ts";
import { noTargets } from "../../functions/core/subscriptions/aws-target.ts";
import { endpointSlots } from "../../functions/core/subscriptions/endpoint-slots.ts";
import { fakeClock } from "./fake-clock.ts";
import { type FakeTarget, fakeDeliveries, fakeResolutions } from "./fake-queues.ts";
import { fakeKard } from "./kard/fake-kard.ts";
import { memoryStores } from "./memory/stores.ts";
import { fakeWebhooks } from "./webhooks/fake-webhooks.ts";

const aDay = 24 * 60 * 60_000;
const pollPlan = { bands: [{ from: 60_000, to: null, gap: 60_000, resolution: 60_000 }], overdueAfter: 90 * aDay };

/** All dependencies of the functions' logic, in memory, at noon. */
export function fakeWorld() {
  const clock = fakeClock();
  let ids = 0;
  const stores = memoryStores();
  const errors: unknown[] = [];
  const resolutions = fakeResolutions();
  /** The contacts by issuer. */
  const contacts = new Map<string, FakeTarget>();
  return {
    ...stores,
    subscriptionCache: { get: stores.subscriptions.get, forget: () => undefined },
    time: clock,
    clock: clock.now,
    /** Errors that were reported and not thrown. */
    errors,
    reportError: (error: unknown) => void errors.push(error),
    kard: fakeKard(),
    provesOwnership: async (_organizationId: string) => true,
    resolutions,
    ownerTargets: [resolutions] as (FakeTarget & OwnerTarget)[],
    contacts,
    contactOf: (organizationId: string) => contacts.get(organizationId),
    endpointSlots: endpointSlots({ schedule: stores.callSchedule, clock: clock.now, sleep: async () => undefined }),
    deliveries: fakeDeliveries(),
    slowDeliveries: fakeDeliveries(),
    sender: fakeWebhooks(clock.now),
    /** Nothing moves the fake clock while a response is awaited. */
    sleep: (_ms: number) => new Promise<never>(() => undefined),
    report: () => undefined,
    /** The middle of its range, so that jitter is zero. */
    random: () => 0.5,
    allowedTargets: noTargets,
    pollPlan,
    duplicateWindowMs: 10 * 60_000,
    randomUuid: () => `00000000-0000-4000-8000-${String(++ids).padStart(12, "0")}`,
  };
}
