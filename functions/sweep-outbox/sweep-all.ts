import { type SendDueDeliveriesDeps, sendDueDeliveries } from "./send-due-deliveries.ts";
import { type SweepOutboxDeps, sweepOutbox } from "./sweep-outbox.ts";
import { type SweepSubscriptionsDeps, sweepSubscriptions } from "./sweep-subscriptions.ts";

export type SweepAllDeps = SweepOutboxDeps & SendDueDeliveriesDeps & SweepSubscriptionsDeps;

/**
 * Makes the three sweeps side by side. All of them are awaited, whatever one throws: Lambda freezes what is under way
 * when an invocation ends.
 *
 * @param stopAt epoch milliseconds after which nothing new is begun
 * @returns what two of them have done, unless they could not even begin, and why anything could not be swept
 */
export function sweepAll(deps: SweepAllDeps) {
  return async (stopAt: number) => {
    const sweeps = await Promise.allSettled([
      sweepOutbox(deps)(stopAt),
      sendDueDeliveries(deps)(stopAt),
      sweepSubscriptions(deps)(stopAt),
    ]);
    const failures = sweeps.flatMap((sweep) => (sweep.status === "fulfilled" ? sweep.value.failures : [sweep.reason]));
    const [outbox, deliveries] = sweeps;
    return { outbox: fulfilledValue(outbox), deliveries: fulfilledValue(deliveries), failures };
  };
}

function fulfilledValue<Value>(settled: PromiseSettledResult<Value>): Value | undefined {
  return settled.status === "fulfilled" ? settled.value : undefined;
}
