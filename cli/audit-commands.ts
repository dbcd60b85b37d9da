import type { Command } from "commander";
import { type AuditColumn, auditColumns } from "./audit-columns.ts";
import {
  type AuditListOptions,
  isSettled,
  listAudits,
  refreshAudit,
  resolveAudit,
  type ShownAudit,
  showAudit,
  watchAudits,
} from "./audits.ts";
import { exitCode, Failure } from "./failure.ts";
import { columns, notNegative, time, wholeNumber } from "./option-values.ts";
import { wholeList } from "./pages.ts";
import { auditLine, auditPage, auditTable } from "./tables.ts";
import { forEachId, type Terminal } from "./terminal.ts";

const open = ["SUBMITTING", "NEW", "IN_PROGRESS"];

type ListOptions = AuditListOptions & { limit: number; columns?: AuditColumn[] };

/** `list`, `show`, `watch`, `refresh`, `resolve`. */
export function auditCommands(root: Command, terminal: Terminal): void {
  const { print } = terminal;

  root
    .command("list")
    .description("lists audits, newest first")
    .option("--status <status>", "SUBMITTING, NEW, IN_PROGRESS, CLOSED or REJECTED")
    .option("--user <id>", "of a user")
    .option("--transaction <id>", "of a transaction")
    .option("--after <time>", "filed at a time or later", time)
    .option("--before <time>", "filed before a time", time)
    .option("--limit <n>", "how many at most", wholeNumber, 50)
    .option("--columns <names>", `some of ${auditColumns.join(", ")}`, columns)
    .action(async ({ limit, columns: shown, ...options }: ListOptions) => {
      const { items, failure } = await listAudits(terminal.api(), options, limit);
      print(items, auditTable(items, shown));
      if (failure !== undefined) throw failure;
    });

  root
    .command("show <audit>")
    .description("shows an audit with its timeline and who was told of it")
    .action(async (id: string) => {
      const audit = await showAudit(terminal.api(), id);
      print(audit, auditPage(audit));
    });

  root
    .command("watch [audits...]")
    .description("waits until audits are closed or rejected; by default all that are open now")
    .option("--every <seconds>", "how often to look", notNegative, 5)
    .option("--timeout-minutes <n>", "how long to wait", notNegative, 60)
    .action(async (given: string[], { every, timeoutMinutes }: { every: number; timeoutMinutes: number }) => {
      const api = terminal.api();
      const ids = given.length > 0 ? given : await openAudits(terminal);
      const audits = await watchAudits(api, ids, {
        everyMs: every * 1_000,
        forMs: timeoutMinutes * 60_000,
        onChange: (audit) => terminal.note(auditLine(audit)),
      });
      print(audits, `${audits.filter(isSettled).length} of ${audits.length} settled`);
      if (!audits.every(isSettled)) process.exitCode = exitCode.unsettled;
    });

  root
    .command("refresh <audits...>")
    .description("has Kard asked about audits now")
    .action(async (ids: string[]) => {
      const api = terminal.api();
      const audits = await forEachId(terminal, ids, (id) => refreshAudit(api, id));
      print(audits, audits.map(auditLine).join("\n"));
    });

  root
    .command("resolve <audit>")
    .description("ends the doubt about an unconfirmed audit, by what Kard says of it")
    .option("--kard-id <id>", "Kard has it, under this id")
    .option("--not-at-kard", "Kard has not got it: it is handed over again")
    .action(async (id: string, { kardId, notAtKard }: { kardId?: string; notAtKard?: true }) => {
      if ((kardId === undefined) === (notAtKard === undefined)) {
        throw new Failure("usage", "give either --kard-id or --not-at-kard");
      }
      const finding = kardId === undefined ? { notAtKard: true as const } : { kardAuditId: kardId };
      const audit = await resolveAudit(terminal.api(), id, finding);
      print(audit, auditPage(audit));
    });
}

async function openAudits(terminal: Terminal): Promise<string[]> {
  const lists = open.map((status) => listAudits(terminal.api(), { status }, Number.POSITIVE_INFINITY));
  const ids = (await Promise.all(lists)).flatMap(wholeList).map(({ id }: ShownAudit) => id);
  // One may move on between two of the lists.
  return [...new Set(ids)];
}
