import type { Command } from "commander";
import { isSettled, listAudits, refreshAudit, resolveAudit, showAudit, watchAudits } from "../api/audits.ts";
import { wholeList } from "../api/pages.ts";
import { checkIds } from "../api/routes.ts";
import { type AuditFilters, addAuditFilters, openStatuses } from "../audit-filters.ts";
import { exitCode, Failure } from "../failure.ts";
import { notNegative, wholeNumber } from "../option-values.ts";
import { type AuditColumn, auditColumns, columnNames } from "../output/audit-columns.ts";
import { startProgress } from "../output/progress.ts";
import { auditLine, auditPage, auditTable } from "../output/tables.ts";
import { forEachId, type Terminal } from "../output/terminal.ts";

type ListOptions = AuditFilters & { limit: number; columns?: AuditColumn[] };

/** The commands `list`, `show`, `watch`, `refresh` and `resolve`. */
export function auditCommands(root: Command, terminal: Terminal): void {
  const { print } = terminal;

  addAuditFilters(root.command("list").description("lists audits, newest first"))
    .option("--limit <n>", "the maximum number of results", wholeNumber, 50)
    .option("--columns <names>", `some of ${auditColumns.join(", ")}`, columnNames)
    .action(async ({ limit, columns: shown, ...filters }: ListOptions) => {
      const { items, failure } = await listAudits(terminal.api(), filters, limit);
      print(items, auditTable(items, shown));
      if (failure !== undefined) throw failure;
    });

  root
    .command("show <audit>")
    .description("shows an audit with its history and deliveries")
    .action(async (id: string) => {
      const audit = await showAudit(terminal.api(), id);
      print(audit, auditPage(audit));
    });

  root
    .command("watch [audits...]")
    .description("waits until audits are closed or rejected; all open audits by default")
    .option("--every <seconds>", "how often to poll", notNegative, 5)
    .option("--timeout-minutes <n>", "how long to wait", notNegative, 60)
    .action(async (given: string[], { every, timeoutMinutes }: { every: number; timeoutMinutes: number }) => {
      const api = terminal.api();
      const ids = given.length > 0 ? given : await idsOf(terminal, { status: openStatuses });
      checkIds(ids);
      let failure: Failure | undefined;
      const audits = await watchAudits(api, ids, {
        everyMs: every * 1_000,
        forMs: timeoutMinutes * 60_000,
        onChange: (audit) => terminal.note(auditLine(audit)),
        onFailure(id, reason) {
          terminal.note(`${id}: ${reason.message}`);
          failure = reason;
        },
      });
      print(audits, `${audits.filter(isSettled).length} of ${ids.length} settled`);
      if (failure?.exitCode !== exitCode.unreachable && !audits.every(isSettled)) {
        process.exitCode = exitCode.unsettled;
      } else if (failure !== undefined) process.exitCode = failure.exitCode;
    });

  addAuditFilters(
    root.command("refresh [audits...]").description("reads the status of audits from Kard now, by ids or filters"),
  ).action(async (given: string[], filters: AuditFilters) => {
    if (given.length > 0 === Object.keys(filters).length > 0) {
      throw new Failure("usage", "give either ids of audits, or filters such as --status OPEN --older-than 30d");
    }
    const api = terminal.api();
    const ids = given.length > 0 ? given : await idsOf(terminal, filters);
    const progress = startProgress("audits", ids.length);
    const refresh = async (id: string) => {
      const { audit, isConfirmed } = await refreshAudit(api, id).finally(() => progress.step());
      if (isConfirmed) return audit;
      terminal.note(`${id}: Kard has not confirmed the audit's status; the tracker tries again by itself`);
      process.exitCode = exitCode.refused;
      return audit;
    };
    const audits = await forEachId(terminal, ids, refresh).finally(() => progress.stop());
    print(audits, audits.map(auditLine).join("\n"));
  });

  root
    .command("resolve <audit>")
    .description("settles an unconfirmed audit with what you found out at Kard")
    .option("--kard-id <id>", "Kard has the audit under this id")
    .option("--not-at-kard", "Kard does not have the audit; it is submitted again")
    .action(async (id: string, { kardId, notAtKard }: { kardId?: string; notAtKard?: true }) => {
      if ((kardId === undefined) === (notAtKard === undefined)) {
        throw new Failure("usage", "give either --kard-id or --not-at-kard");
      }
      const finding = kardId === undefined ? { notAtKard: true as const } : { kardAuditId: kardId };
      const audit = await resolveAudit(terminal.api(), id, finding);
      print(audit, auditPage(audit));
    });
}

async function idsOf(terminal: Terminal, filters: AuditFilters): Promise<string[]> {
  return wholeList(await listAudits(terminal.api(), filters, Number.POSITIVE_INFINITY)).map(({ id }) => id);
}
