import { useState } from "preact/hooks";
import { Empty, Problem, Skeleton } from "../../components/parts.tsx";
import { useLoad } from "../../components/use-load.ts";
import { api, may } from "../../session.ts";
import { CreateSubscription } from "./create-subscription.tsx";
import { type NewSecret, ShowSecret } from "./show-secret.tsx";
import { SubscriptionCard } from "./subscription-card.tsx";

/** The issuer's webhooks: their health, and what can be done about it. */
export function Subscriptions() {
  const [isCreating, setCreating] = useState(false);
  const [secret, setSecret] = useState<NewSecret | undefined>(undefined);
  const { data, error, reload } = useLoad("subscriptions", async (signal) => {
    return (await api.value("GET /v2/issuers/{organizationId}/subscriptions", { signal })).data;
  });
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
        : data.length === 0 && (
            <Empty title="No webhook yet">
              A webhook tells your system when Kard starts, resolves or refuses a dispute.
            </Empty>
          )}
      <div class="hooks">
        {data?.map((each) => (
          <SubscriptionCard key={each.id} subscription={each} reload={reload} showSecret={setSecret} />
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
