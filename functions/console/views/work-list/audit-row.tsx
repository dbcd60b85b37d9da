import { AgeBar } from "../../components/age-bar.tsx";
import { Badge, Line, Time } from "../../components/parts.tsx";
import { type Audit, claimOf, isOpen, nextActorOf, statusOf } from "../../logic/audit-words.ts";
import { money } from "../../logic/format.ts";
import { attentionReasons } from "../../logic/list-query.ts";
import { hrefOf } from "../../navigation.ts";
import { organization } from "../../session.ts";

export const auditColumns = ["Dispute", "Merchant", "Amount", "Age", "Status", "Next step"] as const;

const reasonWords = new Map<string, string>(attentionReasons.map(({ id, words }) => [id, words]));

interface AuditRowProps {
  audit: Audit;
  index: number;
  now: number;
  why: readonly string[];
  onFocus: () => void;
}

/** One audit of a work list. Its link covers the whole row. */
export function AuditRow({ audit, index, now, why, onFocus }: AuditRowProps) {
  const { transactionId, reference, merchantName, auditCode, transactionAmountInCents, currency, settledAt } =
    audit.attributes;
  const status = statusOf(audit);
  const others = why.flatMap((reason) => reasonWords.get(reason) ?? `Found by ${reason}`);
  const reasons = others.filter((words) => words !== status.words && !words.startsWith(status.words));
  const next = why.includes("undelivered") ? "You check the webhook" : nextActorOf(audit);
  return (
    <tr data-row={index} aria-rowindex={index + 2}>
      <td class="dispute">
        <a
          href={hrefOf(organization.value, "disputes", audit.id)}
          onFocus={(event) => event.currentTarget.matches(":focus-visible") && onFocus()}
        >
          <Line text={transactionId} strong />
        </a>
        <Line text={[reference, audit.relationships?.user.data.id].filter(Boolean).join(" · ") || "no reference"} />
      </td>
      <td class="merchant">
        <Line text={merchantName} />
        <Line text={claimOf(auditCode)} />
      </td>
      <td class="amount">
        {transactionAmountInCents === undefined ? (
          <span class="muted">–</span>
        ) : (
          <span>{money(transactionAmountInCents, currency)}</span>
        )}
      </td>
      <td class="aged">
        <AgeBar audit={audit} now={now} />
      </td>
      <td class="status">
        <Badge tone={status.tone}>
          <Line text={status.words} />
        </Badge>
        {reasons.length > 0 ? <Line text={reasons.join(", ")} /> : <Line text={next} narrow />}
      </td>
      <td class="next">
        <Line text={next} />
        {!isOpen(audit) && settledAt !== undefined && (
          <span class="line">
            {audit.attributes.status === "REJECTED" ? "refused" : "closed"} <Time at={settledAt} short />
          </span>
        )}
      </td>
    </tr>
  );
}
