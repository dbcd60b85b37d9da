import { type Command, Option } from "commander";
import { callOf } from "../api/routes.ts";
import { type AuditFilters, addAuditFilters, auditQuery } from "../audit-filters.ts";
import { exitCode, Failure } from "../failure.ts";
import { interruptible } from "../interruption.ts";
import { type AuditColumn, auditColumns, columnNames } from "../output/audit-columns.ts";
import { startProgress } from "../output/progress.ts";
import type { Terminal } from "../output/terminal.ts";
import { exportAudits } from "./export-audits.ts";
import { exportStream, openExportFile } from "./export-file.ts";
import { csvFormat, jsonFormat } from "./export-format.ts";

type Options = AuditFilters & {
  format: "csv" | "json";
  columns?: AuditColumn[];
  output?: string;
};

/** The command `export`. */
export function exportCommand(root: Command, terminal: Terminal): void {
  addAuditFilters(root.command("export").description("writes audits as CSV or JSON, newest first"))
    .addOption(new Option("--format <format>", "csv or json").choices(["csv", "json"]).default("csv"))
    .option("--columns <names>", `for csv, some of ${auditColumns.join(", ")}`, columnNames)
    .option("--output <file>", "a file; run the same command again to resume an interrupted export")
    .action(async ({ format, columns: chosen = auditColumns, output, ...filters }: Options) => {
      const api = terminal.api();
      const query = auditQuery(filters, 200, Date.now());
      const first = callOf(api, "GET /v2/issuers/{organizationId}/audits", {}, query);
      const identity = JSON.stringify([api.url, api.organizationId, filters, format, chosen]);
      const target = output === undefined ? exportStream(process.stdout) : await openExportFile(output, identity);
      const progress = startProgress("audits", undefined);
      const advice = output === undefined ? "With --output FILE an export can go on later." : "Run it again to go on.";
      try {
        const { result, interruptedCode } = await interruptible(terminal.note, (stop) =>
          exportAudits(api, first, {
            format: format === "csv" ? csvFormat(chosen) : jsonFormat,
            target,
            stop,
            onPage: (count) => progress.step(count),
          }),
        );
        terminal.note(`${result.count} audits exported`);
        if (result.isComplete) return;
        terminal.note(`The export is not complete. ${advice}`);
        process.exitCode = interruptedCode ?? exitCode.unreachable;
      } catch (error) {
        if (error instanceof Failure) terminal.note(`The export is not complete. ${advice}`);
        throw error;
      } finally {
        progress.stop();
        await target.close();
      }
    });
}
