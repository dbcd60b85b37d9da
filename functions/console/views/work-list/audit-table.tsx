import { useCallback, useEffect, useState } from "preact/hooks";
import { VirtualRows } from "../../components/virtual-rows.tsx";
import type { Audit } from "../../logic/audit-words.ts";
import { isTyping } from "../frame.tsx";
import { AuditRow, auditColumns } from "./audit-row.tsx";
import type { AuditList } from "./use-audits.ts";

/** The table of a work list. `j` and `k` move between its rows, and Enter opens one. */
export function AuditTable({ list }: { list: AuditList }) {
  const { audits, now, why } = list;
  const [active, setActive] = useState<number | undefined>(undefined);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key !== "j" && event.key !== "k") return;
      const step = event.key === "j" ? 1 : -1;
      setActive((before) => Math.min(audits.length - 1, Math.max(0, before === undefined ? 0 : before + step)));
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [audits.length]);
  useEffect(() => {
    if (active === undefined) return;
    // The row may be drawn only after the page has scrolled to it.
    const frame = requestAnimationFrame(() => focusRow(active));
    return () => cancelAnimationFrame(frame);
  }, [active]);
  const row = useCallback(
    (audit: Audit, index: number) => (
      <AuditRow audit={audit} index={index} now={now} why={why.get(audit.id) ?? []} onFocus={() => setActive(index)} />
    ),
    [now, why],
  );
  return (
    <table class="audits" aria-label="Disputes" aria-rowcount={list.isComplete ? audits.length + 1 : -1}>
      <thead>
        <tr aria-rowindex={1}>
          {auditColumns.map((name) => (
            <th key={name} scope="col" class={name === "Amount" ? "amount" : undefined}>
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <VirtualRows
        items={audits}
        columns={auditColumns.length}
        keyOf={({ id }) => id}
        onNearEnd={list.loadMore}
        shown={active}
        row={row}
      />
    </table>
  );
}

function focusRow(index: number, tries = 3): void {
  const link = document.querySelector<HTMLElement>(`tr[data-row="${index}"] a`);
  if (link !== null) link.focus({ preventScroll: true });
  else if (tries > 0) requestAnimationFrame(() => focusRow(index, tries - 1));
}
