import { useState } from "preact/hooks";
import type { Audit } from "../../logic/audit-words.ts";
import { csvOf } from "../../logic/csv.ts";
import { downloadText } from "./download.ts";
import type { AuditList } from "./use-audits.ts";

interface ExportButtonProps {
  list: AuditList;
  filtered: readonly Audit[];
  /** Whether the shown audits are chosen here and not by the API. */
  isReasonOnly: boolean;
  name: string;
}

/** Saves all audits of the view as CSV. */
export function ExportButton({ list, filtered, isReasonOnly, name }: ExportButtonProps) {
  const [isRunning, setRunning] = useState(false);
  const run = async () => {
    setRunning(true);
    const audits = await list.loadAll();
    setRunning(false);
    if (audits === undefined) return;
    downloadText(`disputes-${name}.csv`, "text/csv", csvOf(isReasonOnly ? filtered : audits));
  };
  return (
    <button type="button" disabled={isRunning || list.isLoading || filtered.length === 0} onClick={run}>
      {isRunning ? `Loading ${list.audits.length} …` : "Export CSV"}
    </button>
  );
}
