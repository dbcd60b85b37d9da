import type { AuditDetails } from "../../logic/audit-words.ts";
import { notificationStatusOf } from "../../logic/notification-words.ts";
import { notificationsId } from "./audit-notifications.tsx";

interface NotToldProps {
  audit: AuditDetails;
  nameOf: (subscriptionId: string) => string;
}

/** Says which webhooks have not received an event of the audit, and why. */
export function NotTold({ audit, nameOf }: NotToldProps) {
  const missing = audit.attributes.notifications.filter(
    ({ status }) => status === "delivery_failed" || status === "held",
  );
  if (missing.length === 0) return null;
  return (
    <section class="notice bad" aria-label="Not delivered">
      <ul>
        {missing.map(({ id, eventName, subscriptionId, status }) => (
          <li key={id}>
            <span dir="auto">{nameOf(subscriptionId)}</span> did not get {eventName} (
            {notificationStatusOf(status).words.toLowerCase()})
          </li>
        ))}
      </ul>
      <button type="button" onClick={() => document.getElementById(notificationsId)?.scrollIntoView()}>
        See attempts
      </button>
    </section>
  );
}
