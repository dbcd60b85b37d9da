import { useState } from "preact/hooks";
import { Empty, Problem, Skeleton } from "../../components/parts.tsx";
import { useLoad } from "../../components/use-load.ts";
import type { Schemas } from "../../openapi.ts";
import { api, may } from "../../session.ts";
import { CreateSubscription } from "./create-subscription.tsx";
import { type NewSecret, ShowSecret } from "./show-secret.tsx";
import { SubscriptionCard } from "./subscription-card.tsx";

export interface LoadedSubscriptions {
  subscriptions: Schemas["Subscription"][];
  /** Notifications of the last 7 days, by subscription and status; `undefined` if the key may not read them. */
  deliveries: Schemas["Stats"]["attributes"]["deliveries"]["bySubscription"] | undefined;
}

/** The issuer's webhooks: their health, and what can be done about it. */
export function Subscriptions() {
  const [isCreating, setCreating] = useState(false);
  const [secret, setSecret] = useState<NewSecret | undefined>(undefined);
  const { data, error, reload } = useLoad("subscriptions", loadSubscriptions);
  return (
    <>
      <div class="heading">
        <h1>Subscriptions</h1>
        {may("notifications:write") && (
          <button type="button" class="primary" onClick={() => setCreating(true)}>
            New webhook
          </button>
        )}
      </div>
      <Problem message={error} retry={reload} />
      {data === undefined
        ? error === undefined && <Skeleton lines={4} />
        : data.subscriptions.length === 0 && (
            <Empty title="No webhook yet">
              A webhook tells your system when Kard starts, resolves or refuses a dispute.
            </Empty>
          )}
      <div class="hooks">
        {data?.subscriptions.map((each) => (
          <SubscriptionCard
            key={each.id}
            subscription={each}
            counts={data.deliveries && (data.deliveries[each.id] ?? {})}
            reload={reload}
            showSecret={setSecret}
          />
        ))}
      </div>
      {isCreating && (
        <CreateSubscription
          close={() => setCreating(false)}
          done={async (created) => {
            setCreating(false);
            setSecret(created);
            await reload();
          }}
        />
      )}
      {secret !== undefined && <ShowSecret secret={secret} close={() => setSecret(undefined)} />}
    </>
  );
}

async function loadSubscriptions(signal: AbortSignal): Promise<LoadedSubscriptions> {
  const [list, stats] = await Promise.all([
    api.value("GET /v2/issuers/{organizationId}/subscriptions", { signal }),
    may("audit:read") ? api.value("GET /v2/issuers/{organizationId}/stats", { signal }) : undefined,
  ]);
  // Only a subscription that is read by itself has the number of its held notifications.
  const subscriptions = await Promise.all(
    list.data.map(async (each) => {
      if (each.attributes.enabled) return each;
      const path = { subscriptionId: each.id };
      const route = "GET /v2/issuers/{organizationId}/subscriptions/{subscriptionId}";
      return (await api.value(route, { path, signal })).data;
    }),
  );
  return { subscriptions, deliveries: stats?.data.attributes.deliveries.bySubscription };
}
