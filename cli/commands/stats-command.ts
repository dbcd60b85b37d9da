import type { Command } from "commander";
import { readStats, statsLines } from "../api/stats.ts";
import { time } from "../option-values.ts";
import type { Terminal } from "../output/terminal.ts";

/** `stats`. */
export function statsCommand(root: Command, terminal: Terminal): void {
  root
    .command("stats")
    .description("shows figures: open audits, days, resolutions, times and deliveries")
    .option("--after <time>", "from this day on; 30 days by default", time)
    .option("--before <time>", "before this day", time)
    .action(async (options: { after?: string; before?: string }) => {
      const stats = await readStats(terminal.api(), options);
      terminal.print(stats, statsLines(stats));
    });
}
