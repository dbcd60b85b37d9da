import { Fact, Time } from "../../components/parts.tsx";
import type { AuditDetails } from "../../logic/audit-words.ts";
import { ageOf, claimOf } from "../../logic/audit-words.ts";
import { duration } from "../../logic/format.ts";
import { disputesHref } from "../../navigation.ts";
import { may } from "../../session.ts";
import { EditAnnotations } from "./edit-annotations.tsx";

/** The data of an audit. */
export function Facts({ audit, reload }: { audit: AuditDetails; reload: () => Promise<void> }) {
  const { attributes } = audit;
  const user = audit.relationships?.user.data.id;
  return (
    <aside class="card" aria-label="Details">
      <div class="card-heading">
        <h2>Details</h2>
        {may("audit:write") && <EditAnnotations audit={audit} reload={reload} />}
      </div>
      <dl class="facts">
        <Fact name="Claim">
          {claimOf(attributes.auditCode)} <span class="muted">({attributes.auditCode})</span>
        </Fact>
        <Fact name="Description">
          <span class="free-text" dir="auto">
            {attributes.auditDescription}
          </span>
        </Fact>
        <Fact name="Reference">{attributes.reference ?? <span class="muted">none</span>}</Fact>
        <Fact name="User">
          {user === undefined ? (
            <span class="muted">none</span>
          ) : (
            <a href={disputesHref({ search: user })} title="All disputes of this user">
              {user}
            </a>
          )}
        </Fact>
        {attributes.submitterName !== undefined && <Fact name="Filed by">{attributes.submitterName}</Fact>}
        <Fact name="Filed">
          <Time at={attributes.createdAt} />
        </Fact>
        {attributes.dueAt !== undefined && (
          <Fact name="Due">
            <Time at={attributes.dueAt} />
          </Fact>
        )}
        <Fact name="Open for">{duration(ageOf(audit, Date.now()))}</Fact>
        <Fact name="Kard’s id">
          <code>{attributes.kardAuditId ?? "none yet"}</code>
        </Fact>
        <Fact name="Tracker’s id">
          <code>{audit.id}</code>
        </Fact>
        {Object.entries(attributes.metadata ?? {}).map(([name, value]) => (
          <Fact key={name} name={name}>
            <span class="free-text" dir="auto">
              {value}
            </span>
          </Fact>
        ))}
      </dl>
    </aside>
  );
}
