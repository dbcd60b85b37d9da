import { useState } from "preact/hooks";
import { Modal } from "../../components/modal.tsx";
import { Problem } from "../../components/parts.tsx";
import { useAction } from "../../components/use-action.ts";
import type { AuditDetails } from "../../logic/audit-words.ts";
import { api } from "../../session.ts";

/** Changes the issuer's own reference and metadata of an audit. */
export function EditAnnotations({ audit, reload }: { audit: AuditDetails; reload: () => Promise<void> }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <button type="button" class="quiet" onClick={() => setOpen(true)}>
        Edit
      </button>
      {isOpen && <Form audit={audit} reload={reload} close={() => setOpen(false)} />}
    </>
  );
}

function Form({ audit, reload, close }: { audit: AuditDetails; reload: () => Promise<void>; close: () => void }) {
  const { metadata = {}, reference: oldReference = "" } = audit.attributes;
  const [reference, setReference] = useState(oldReference);
  const [pairs, setPairs] = useState([...Object.entries(metadata), ["", ""] as [string, string]]);
  const { isRunning, error, run } = useAction();
  const change = (index: number, part: 0 | 1, text: string) =>
    setPairs((before) => {
      const after = before.map((pair, at) => (at === index ? (part === 0 ? [text, pair[1]] : [pair[0], text]) : pair));
      const isFull = after.every(([name]) => name !== "");
      return (isFull ? [...after, ["", ""]] : after) as [string, string][];
    });
  const save = (event: Event) => {
    event.preventDefault();
    run(async () => {
      const filled = pairs.filter(([name, value]) => name !== "" || value !== "");
      const kept = Object.fromEntries(filled);
      if (filled.some(([name, value]) => name === "" || value === ""))
        throw new Error("Give each name a value, or clear both.");
      if (Object.keys(kept).length < filled.length) throw new Error("Use each name once.");
      const removed = Object.keys(metadata).filter((name) => !Object.hasOwn(kept, name));
      // Only what was changed, so that concurrent changes by others stay.
      const changed = Object.entries(kept).filter(([name, value]) => metadata[name] !== value);
      const attributes = {
        ...(reference.trim() !== oldReference && { reference: reference.trim() === "" ? null : reference.trim() }),
        metadata: Object.fromEntries<string | null>([
          ...changed,
          ...removed.map((name): [string, null] => [name, null]),
        ]),
      };
      await api.value("PATCH /v2/issuers/{organizationId}/audits/{auditId}", {
        path: { auditId: audit.id },
        body: { data: { type: "audit", attributes } },
      });
      await reload();
      close();
    });
  };
  return (
    <Modal title="Edit your own data" close={close}>
      <form onSubmit={save}>
        <p class="small muted">Kard does not see this data. Your webhooks get it with later events.</p>
        <label>
          Reference
          <input maxLength={100} value={reference} onInput={(event) => setReference(event.currentTarget.value)} />
        </label>
        <fieldset>
          <legend>Metadata</legend>
          {pairs.map(([name, value], index) => (
            <div key={index} class="pair">
              <input
                aria-label={`Name ${index + 1}`}
                placeholder="Name"
                maxLength={40}
                value={name}
                onInput={(event) => change(index, 0, event.currentTarget.value)}
              />
              <input
                aria-label={`Value ${index + 1}`}
                placeholder="Value"
                maxLength={500}
                value={value}
                onInput={(event) => change(index, 1, event.currentTarget.value)}
              />
            </div>
          ))}
        </fieldset>
        <Problem message={error} />
        <footer>
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={isRunning}>
            {isRunning ? "Saving …" : "Save"}
          </button>
        </footer>
      </form>
    </Modal>
  );
}
