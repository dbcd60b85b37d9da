import { Badge, Problem, Skeleton, Time } from "../../components/parts.tsx";
import { Timeline } from "../../components/timeline.tsx";
import { useLoad } from "../../components/use-load.ts";
import { type AuditDetails, statusOf } from "../../logic/audit-words.ts";
import { money } from "../../logic/format.ts";
import { stepsOf } from "../../logic/timeline.ts";
import { disputesHref, hrefOf } from "../../navigation.ts";
import { api, organization } from "../../session.ts";
import { loadSubscriptionNames } from "../subscription-names.ts";
import { AuditActions } from "./audit-actions.tsx";
import { Answer } from "./audit-answer.tsx";
import { Facts } from "./audit-facts.tsx";
import { AuditNotifications } from "./audit-notifications.tsx";
import { NotTold } from "./not-told.tsx";

/** One dispute: Kard's answer, its history and its notifications. */
export function AuditView({ id }: { id: string }) {
  const { data, error, reload } = useLoad(id, async (signal) => {
    const [{ data: audit }, nameOf] = await Promise.all([
      api.value("GET /v2/issuers/{organizationId}/audits/{auditId}", { path: { auditId: id }, signal }),
      loadSubscriptionNames(signal),
    ]);
    return { audit, nameOf };
  });
  return (
    <>
      <p class="crumbs">
        <a href={hrefOf(organization.value, "disputes")}>Disputes</a>
      </p>
      <Problem message={error} retry={reload} />
      {data === undefined ? error === undefined && <Skeleton lines={10} /> : <Audit {...data} reload={reload} />}
    </>
  );
}

interface AuditProps {
  audit: AuditDetails;
  nameOf: (subscriptionId: string) => string;
  reload: () => Promise<void>;
}

function Audit({ audit, nameOf, reload }: AuditProps) {
  const { attributes } = audit;
  const status = statusOf(audit);
  return (
    <>
      <div class="heading">
        <div>
          <h1 dir="auto">{attributes.transactionId}</h1>
          <p class="under-heading">
            <Badge tone={status.tone}>{status.words}</Badge>
            {attributes.transactionAmountInCents !== undefined && (
              <strong>{money(attributes.transactionAmountInCents, attributes.currency)}</strong>
            )}
            <a
              href={disputesHref({ merchant: attributes.merchantName })}
              title="Open disputes of this merchant"
              dir="auto"
            >
              {attributes.merchantName}
            </a>
          </p>
        </div>
        <AuditActions audit={audit} reload={reload} />
      </div>
      <div class="columns">
        <div>
          <Answer audit={audit} />
          <NotTold audit={audit} nameOf={nameOf} />
          <section class="card">
            <h2>Timeline</h2>
            <Timeline steps={stepsOf(attributes.timeline, nameOf)} />
            <NextCall attributes={attributes} />
          </section>
          <AuditNotifications audit={audit} nameOf={nameOf} reload={reload} />
        </div>
        <Facts audit={audit} reload={reload} />
      </div>
    </>
  );
}

function NextCall({ attributes }: { attributes: AuditDetails["attributes"] }) {
  const { nextPollAt, nextSubmissionAt } = attributes;
  if (nextPollAt !== undefined) {
    return (
      <p class="small muted">
        The tracker asks Kard again <Time at={nextPollAt} short />.
      </p>
    );
  }
  if (nextSubmissionAt === undefined) return null;
  return (
    <p class="small muted">
      The tracker tries to send it again <Time at={nextSubmissionAt} short />.
    </p>
  );
}
