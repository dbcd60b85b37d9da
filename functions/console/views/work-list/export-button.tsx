import { useState } from "preact/hooks";
import { csvOf } from "../../logic/csv.ts";
import { grouped } from "../../logic/format.ts";
import { downloadText } from "./download.ts";
import type { AuditList } from "./use-audits.ts";

/** Saves all audits of the view as CSV, and says so if there are more than it loads. */
export function ExportButton({ list, name }: { list: AuditList; name: string }) {
  const [isRunning, setRunning] = useState(false);
  const [message, setMessage] = useState("");
  const run = async () => {
    setRunning(true);
    setMessage("");
    const loaded = await list.loadAll();
    setRunning(false);
    if (loaded === undefined) return;
    const { audits, isCut } = loaded;
    downloadText(`disputes-${name}.csv`, "text/csv", csvOf(audits));
    if (isCut) setMessage(`The file has ${grouped(audits.length)} disputes. There are more.`);
  };
  return (
    <div class="actions">
      <span class="muted" role="status">
        {message}
      </span>
      <button type="button" disabled={isRunning || list.isLoading || list.audits.length === 0} onClick={run}>
        {isRunning ? `Loading ${list.audits.length} …` : "Export CSV"}
      </button>
    </div>
  );
}
