import type { RefreshOpenDeps } from "../core/stats/open-snapshot.ts";
import { refreshSnapshots } from "./refresh-snapshots.ts";
import { type SendDueDeliveriesDeps, sendDueDeliveries } from "./send-due-deliveries.ts";
import { type SweepOutboxDeps, sweepOutbox } from "./sweep-outbox.ts";
import { type SweepSubscriptionsDeps, sweepSubscriptions } from "./sweep-subscriptions.ts";

export type SweepAllDeps = SweepOutboxDeps & SendDueDeliveriesDeps & SweepSubscriptionsDeps & RefreshOpenDeps;

/**
 * Runs the three sweeps in parallel and awaits all of them, even after an error: Lambda freezes unfinished work when an
 * invocation ends. Then it refreshes figures, whose reads would delay the sweeps.
 * https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
 *
 * @param stopAt nothing new starts after this time (epoch milliseconds)
 * @returns the results of two sweeps, unless they could not start, and all errors
 */
export function sweepAll(deps: SweepAllDeps) {
  return async (stopAt: number) => {
    const sweeps = await Promise.allSettled([
      sweepOutbox(deps)(stopAt),
      sendDueDeliveries(deps)(stopAt),
      sweepSubscriptions(deps)(stopAt),
    ]);
    const snapshots = await refreshSnapshots(deps)(stopAt).catch((error: unknown) => ({ failures: [error] }));
    const failures = [
      ...sweeps.flatMap((sweep) => (sweep.status === "fulfilled" ? sweep.value.failures : [sweep.reason])),
      ...snapshots.failures,
    ];
    const [outbox, deliveries] = sweeps;
    return { outbox: fulfilledValue(outbox), deliveries: fulfilledValue(deliveries), failures };
  };
}

function fulfilledValue<Value>(settled: PromiseSettledResult<Value>): Value | undefined {
  return settled.status === "fulfilled" ? settled.value : undefined;
}
