import type { Command } from "commander";
import { notificationStatus } from "../../functions/core/notifications/notification.ts";
import {
  listNotifications,
  type NotificationListOptions,
  recoverNotifications,
  replayNotification,
} from "../api/notifications.ts";
import { exitCode } from "../failure.ts";
import { time, wholeNumber } from "../option-values.ts";
import { notificationTable } from "../output/tables.ts";
import { forEachId, type Terminal } from "../output/terminal.ts";

interface RecoverOptions {
  since: string;
  delivered?: boolean;
  yes?: boolean;
}

/** The commands `notifications`, `replay` and `recover`. */
export function notificationCommands(root: Command, terminal: Terminal): void {
  const { print } = terminal;

  root
    .command("notifications")
    .description("lists notifications, newest first")
    .option("--status <names>", "pending, delivered, delivery_failed or held, or several with commas")
    .option("--subscription <ids>", "only notifications of this subscription, or several with commas")
    .option("--after <time>", "only events at this time or later", time)
    .option("--before <time>", "only events before this time", time)
    .option("--limit <n>", "the maximum number of results", wholeNumber, 50)
    .action(async ({ limit, ...options }: NotificationListOptions & { limit: number }) => {
      const { items, failure } = await listNotifications(terminal.api(), options, limit);
      print(items, notificationTable(items));
      if (failure !== undefined) throw failure;
    });

  root
    .command("replay <notifications...>")
    .description("replays notifications with the same event ids and bytes")
    .action(async (ids: string[]) => {
      const api = terminal.api();
      const replayed = await forEachId(terminal, ids, (id) => replayNotification(api, id));
      print(replayed, replayed.map(({ eventId }) => `${eventId} is replayed`).join("\n"));
    });

  root
    .command("recover <subscription>")
    .description("counts a subscription's undelivered notifications, and replays them with --yes")
    .requiredOption("--since <time>", "the time of the oldest event", time)
    .option("--delivered", "include delivered notifications")
    .option("--yes", "replay them")
    .action(async (id: string, { since, delivered = false, yes = false }: RecoverOptions) => {
      const api = terminal.api();
      const body = { since, ...(delivered ? { statuses: notificationStatus.options } : {}) };
      const { notifications: missing } = await recoverNotifications(api, id, body, true);
      if (!yes) {
        print({ dryRun: true, notifications: missing }, `${missing} would be replayed; add --yes`);
        return;
      }
      terminal.note(`${missing} to replay`);
      const counts = await recoverNotifications(api, id, body, false);
      const skipped = counts.skipped === 0 ? "" : `, ${counts.skipped} expired or erased`;
      const failed = counts.failed === 0 ? "" : `, ${counts.failed} failed; run it again for them`;
      print({ dryRun: false, ...counts }, `${counts.notifications} replayed${skipped}${failed}`);
      if (counts.failed > 0) process.exitCode = exitCode.refused;
    });
}
