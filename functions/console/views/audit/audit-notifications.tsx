import { Badge, Empty, Problem, Time } from "../../components/parts.tsx";
import { useAction } from "../../components/use-action.ts";
import type { AuditDetails } from "../../logic/audit-words.ts";
import { counted } from "../../logic/format.ts";
import { notificationStatusOf } from "../../logic/notification-words.ts";
import { hrefOf } from "../../navigation.ts";
import { api, may, organization } from "../../session.ts";
import { Attempts } from "./attempts.tsx";

type Notification = AuditDetails["attributes"]["notifications"][number];

interface NotificationsProps {
  audit: AuditDetails;
  nameOf: (subscriptionId: string) => string;
  reload: () => Promise<void>;
}

export const notificationsId = "notifications";

/** Whom the events of an audit were sent to, and what came back. */
export function AuditNotifications({ audit, nameOf, reload }: NotificationsProps) {
  const { notifications } = audit.attributes;
  return (
    <section class="card" id={notificationsId} aria-label="Notifications">
      <h2>Notifications</h2>
      {notifications.length === 0 ? (
        <Empty title="No notification yet">
          {audit.attributes.sequence === 0
            ? "Nothing has happened yet that your webhooks subscribe to."
            : "No webhook was subscribed to the events of this dispute when they happened."}
        </Empty>
      ) : (
        <ul class="rows">
          {notifications.map((each) => (
            <Row key={each.id} notification={each} name={nameOf(each.subscriptionId)} reload={reload} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Row({
  notification,
  name,
  reload,
}: {
  notification: Notification;
  name: string;
  reload: () => Promise<void>;
}) {
  const { id, eventName, status, attempts, nextAttemptAt } = notification;
  const { isRunning, error, run } = useAction();
  const its = notificationStatusOf(status);
  const replay = () =>
    run(async () => {
      const path = { notificationId: id };
      await api.value("POST /v2/issuers/{organizationId}/notifications/{notificationId}/replay", { path });
      await reload();
    });
  return (
    <li>
      <div class="row-heading">
        <div>
          <span class="strong">{eventName}</span>
          <span class="muted line" dir="auto">
            to {may("notifications:read") ? <a href={hrefOf(organization.value, "subscriptions")}>{name}</a> : name}
          </span>
        </div>
        <Badge tone={its.tone}>{its.words}</Badge>
        {may("notifications:write") && (
          <button type="button" disabled={isRunning} onClick={replay}>
            {isRunning ? "Sending …" : "Send again"}
          </button>
        )}
      </div>
      {attempts === 0 && <p class="small muted">not tried yet</p>}
      {attempts > 0 && may("notifications:read") && (
        <Attempts id={id} version={`${status} ${attempts}`} count={attempts} />
      )}
      {attempts > 0 && !may("notifications:read") && <p class="small muted">{counted(attempts, "attempt")}</p>}
      {nextAttemptAt !== undefined && (
        <p class="small muted">
          next attempt <Time at={nextAttemptAt} short />
        </p>
      )}
      <Problem message={error} />
    </li>
  );
}
