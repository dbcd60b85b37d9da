import { useState } from "preact/hooks";
import { Modal } from "../../components/modal.tsx";
import { Problem } from "../../components/parts.tsx";
import { useAction } from "../../components/use-action.ts";
import { api } from "../../session.ts";

/** Settles an audit whose answer from Kard was lost, after the reader has asked Kard about it. */
export function ResolveAudit({ id, reload }: { id: string; reload: () => Promise<void> }) {
  const [isOpen, setOpen] = useState(false);
  const [kardAuditId, setKardAuditId] = useState("");
  const { isRunning, error, run } = useAction();
  const resolve = (attributes: { kardAuditId: string } | { notAtKard: true }) =>
    run(async () => {
      await api.value("POST /v2/issuers/{organizationId}/audits/{auditId}/resolve", {
        path: { auditId: id },
        body: { data: { type: "audit", attributes } },
      });
      setOpen(false);
      await reload();
    });
  const attach = (event: Event) => {
    event.preventDefault();
    resolve({ kardAuditId: kardAuditId.trim() });
  };
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Settle
      </button>
      {isOpen && (
        <Modal title="Does Kard have this dispute?" close={() => setOpen(false)}>
          <form onSubmit={attach}>
            <p>Ask Kard’s support about the transaction first.</p>
            <label>
              Kard’s id of the dispute
              <input required value={kardAuditId} onInput={(event) => setKardAuditId(event.currentTarget.value)} />
            </label>
            <Problem message={error} />
            <footer>
              <button type="button" disabled={isRunning} onClick={() => resolve({ notAtKard: true })}>
                Kard does not have it
              </button>
              <button type="submit" class="primary" disabled={isRunning}>
                Kard has it
              </button>
            </footer>
          </form>
        </Modal>
      )}
    </>
  );
}
