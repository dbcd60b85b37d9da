import { auditList } from "../../functions/audits-api/audit-shapes.ts";
import type { Api, ApiRequest } from "../api/api.ts";
import { pagesOf } from "../api/pages.ts";
import type { ExportTarget } from "./export-file.ts";
import type { ExportFormat } from "./export-format.ts";

export interface ExportOptions {
  format: ExportFormat;
  target: ExportTarget;
  /** If aborted, no further page is read. */
  stop: AbortSignal;
  onPage(count: number): void;
}

/**
 * Writes a list of audits page by page, with one page in memory at a time.
 *
 * @param first the list's first page
 * @returns the number of written audits, including earlier runs, and whether the list is complete
 * @throws Failure if a page cannot be read; the written part stays
 */
export async function exportAudits(
  api: Api,
  first: Pick<ApiRequest, "method" | "path">,
  { format, target, stop, onPage }: ExportOptions,
): Promise<{ count: number; isComplete: boolean }> {
  const { resumesAt } = target;
  let count = resumesAt?.count ?? 0;
  onPage(count);
  const path = resumesAt === undefined ? first.path : resumesAt.next;
  let head = resumesAt === undefined ? format.head : "";
  if (path !== null) {
    for await (const { data, links } of pagesOf(api, auditList, { ...first, path, stop })) {
      const text = head + format.rows(data, count);
      head = "";
      count += data.length;
      await target.write(text, { next: links.next ?? null, count });
      onPage(data.length);
      if (stop.aborted && links.next !== undefined) return { count, isComplete: false };
    }
  }
  await target.finish(format.tail);
  return { count, isComplete: true };
}
