import { Badge, Line, Time } from "../../components/parts.tsx";
import { useLoad } from "../../components/use-load.ts";
import { WhenSeen } from "../../components/when-seen.tsx";
import { counted, money } from "../../logic/format.ts";
import { notificationStatusOf } from "../../logic/notification-words.ts";
import { hrefOf } from "../../navigation.ts";
import type { Schemas } from "../../openapi.ts";
import { api, may, organization } from "../../session.ts";

type Notification = Schemas["Notification"];

interface RowProps {
  notification: Notification;
  name: string;
  isChosen: boolean;
  toggle: () => void;
}

/** A notification that was not delivered, with the dispute that it is about. */
export function UndeliveredRow({ notification, name, isChosen, toggle }: RowProps) {
  const { eventName, status, statusCode, errorMessage, timestamp, attempts } = notification.attributes;
  const auditId = notification.relationships.audit?.data.id;
  const its = notificationStatusOf(status);
  const answer = [statusCode, errorMessage].filter((part) => part !== undefined).join(", ");
  return (
    <li class="row-heading">
      {may("notifications:write") && (
        <input type="checkbox" aria-label={`Choose ${eventName} to ${name}`} checked={isChosen} onChange={toggle} />
      )}
      <div>
        {auditId === undefined || !may("audit:read") ? (
          <span class="strong">{eventName}</span>
        ) : (
          <a class="strong" href={hrefOf(organization.value, "disputes", auditId)}>
            {eventName}
          </a>
        )}
        {auditId !== undefined && may("audit:read") && (
          <WhenSeen before={<Line text="…" />}>
            <DisputeOf auditId={auditId} />
          </WhenSeen>
        )}
        <Line text={`to ${name}`} />
      </div>
      <div class="outcome">
        <Badge tone={its.tone}>{its.words}</Badge>
        <span class="muted small line" dir="auto">
          {attempts === 0 ? "not tried" : `${counted(attempts, "attempt")}, last: ${answer}`}
        </span>
      </div>
      <span class="muted">
        <Time at={timestamp} short />
      </span>
    </li>
  );
}

/** The transaction, merchant and amount of a dispute in one line. */
function DisputeOf({ auditId }: { auditId: string }) {
  const { data, error } = useLoad(auditId, (signal) =>
    api.value("GET /v2/issuers/{organizationId}/audits/{auditId}", { path: { auditId }, signal }),
  );
  if (error !== undefined) return <Line text="The dispute could not be read" />;
  if (data === undefined) return <Line text="…" />;
  const { transactionId, merchantName, transactionAmountInCents: cents, currency } = data.data.attributes;
  const amount = cents === undefined ? undefined : money(cents, currency);
  return <Line text={[transactionId, merchantName, amount].filter((part) => part !== undefined).join(" · ")} />;
}
