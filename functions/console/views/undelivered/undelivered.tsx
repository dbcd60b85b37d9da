import { useState } from "preact/hooks";
import { Empty, Problem, Skeleton } from "../../components/parts.tsx";
import { useLoad } from "../../components/use-load.ts";
import { counted } from "../../logic/format.ts";
import { hrefOf, place } from "../../navigation.ts";
import { api, may, organization } from "../../session.ts";
import { loadSubscriptionNames } from "../subscription-names.ts";
import { BulkReplay } from "./bulk-replay.tsx";
import { UndeliveredRow } from "./undelivered-row.tsx";

/** The notifications that failed or are held, up to 200 of each. */
export function Undelivered() {
  const subscription = place.value.parameters.get("subscription") ?? "";
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const { data, error, reload } = useLoad(subscription, async (signal) => {
    const [failed, held, nameOf] = await Promise.all([
      list("delivery_failed", subscription, signal),
      list("held", subscription, signal),
      loadSubscriptionNames(signal),
    ]);
    const notifications = [...failed.data, ...held.data].sort((a, b) =>
      b.attributes.timestamp.localeCompare(a.attributes.timestamp),
    );
    return { notifications, nameOf, hasMore: failed.meta.hasNextPage || held.meta.hasNextPage };
  });
  const all = data?.notifications ?? [];
  const selected = all.filter(({ id }) => chosen.has(id));
  const showAll = subscription !== "" && <a href={hrefOf(organization.value, "undelivered")}>Show all webhooks</a>;
  const toggle = (id: string) =>
    setChosen((before) => {
      const after = new Set(before);
      if (!after.delete(id)) after.add(id);
      return after;
    });
  return (
    <>
      <div class="heading">
        <h1>Undelivered</h1>
        {may("notifications:write") && all.length > 0 && (
          <BulkReplay
            ids={(selected.length > 0 ? selected : all).map(({ id }) => id)}
            isAll={selected.length === 0}
            done={async () => {
              setChosen(new Set());
              await reload();
            }}
          />
        )}
      </div>
      <Problem message={error} retry={reload} />
      {data === undefined ? (
        error === undefined && <Skeleton lines={6} />
      ) : all.length === 0 ? (
        <Empty title={`No notification ${subscription === "" ? "" : "of this webhook "}has failed or is held`}>
          Notifications that wait for their next attempt are not shown here. {showAll}
        </Empty>
      ) : (
        <>
          <p class="summary" role="status">
            {counted(all.length, "notification")}
            {data.hasMore && <span class="muted">There are more: these are the latest.</span>}
            {showAll}
          </p>
          <ul class="card rows">
            {all.map((each) => (
              <UndeliveredRow
                key={each.id}
                notification={each}
                name={data.nameOf(each.relationships.subscription.data.id)}
                isChosen={chosen.has(each.id)}
                toggle={() => toggle(each.id)}
              />
            ))}
          </ul>
        </>
      )}
    </>
  );
}

function list(status: "delivery_failed" | "held", subscription: string, signal: AbortSignal) {
  return api.value("GET /v2/issuers/{organizationId}/notifications", {
    query: {
      ...{ "filter[status]": status, "page[size]": "200" },
      ...(subscription !== "" && { "filter[subscriptionId]": subscription }),
    },
    signal,
  });
}
