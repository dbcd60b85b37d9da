import { useState } from "preact/hooks";
import { CopyButton, Problem } from "../../components/parts.tsx";
import { useAction } from "../../components/use-action.ts";
import type { AuditDetails } from "../../logic/audit-words.ts";
import { api, may } from "../../session.ts";
import { ResolveAudit } from "./resolve-audit.tsx";

/** What the reader can do with an audit. */
export function AuditActions({ audit, reload }: { audit: AuditDetails; reload: () => Promise<void> }) {
  const { isRunning, error, run } = useAction();
  const [message, setMessage] = useState("");
  const { status, submission } = audit.attributes;
  const isSettled = status === "CLOSED" || status === "REJECTED";
  const refresh = () =>
    run(async () => {
      setMessage("");
      let answered = false;
      await api.value("POST /v2/issuers/{organizationId}/audits/{auditId}/refresh", {
        path: { auditId: audit.id },
        onStatus: (code) => {
          answered = code === 200;
        },
      });
      await reload();
      setMessage(
        answered ? "Kard was asked just now." : "Kard has not confirmed the status. The tracker tries again by itself.",
      );
    });
  return (
    <div class="actions">
      <CopyButton text={location.href} label="Copy link" />
      {may("audit:write") && submission === "unconfirmed" && <ResolveAudit id={audit.id} reload={reload} />}
      {may("audit:write") && !isSettled && (
        <button type="button" disabled={isRunning} onClick={refresh}>
          {isRunning ? "Asking Kard …" : "Ask Kard now"}
        </button>
      )}
      <span class="muted" role="status">
        {message}
      </span>
      <Problem message={error} />
    </div>
  );
}
