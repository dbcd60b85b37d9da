import type { Command } from "commander";
import { notificationStatus } from "../functions/core/notifications/notification.ts";
import {
  listNotifications,
  type NotificationListOptions,
  recoverNotifications,
  replayNotification,
} from "./notifications.ts";
import { time, wholeNumber } from "./option-values.ts";
import { notificationTable } from "./tables.ts";
import { forEachId, type Terminal } from "./terminal.ts";

interface RecoverOptions {
  since: string;
  delivered?: boolean;
  yes?: boolean;
}

/** `notifications`, `replay`, `recover`. */
export function notificationCommands(root: Command, terminal: Terminal): void {
  const { print } = terminal;

  root
    .command("notifications")
    .description("lists what became of events, newest first")
    .option("--status <status>", "pending, delivered, delivery_failed or held")
    .option("--subscription <id>", "of a webhook")
    .option("--after <time>", "of events at a time or later", time)
    .option("--before <time>", "of events before a time", time)
    .option("--limit <n>", "how many at most", wholeNumber, 50)
    .action(async ({ limit, ...options }: NotificationListOptions & { limit: number }) => {
      const { items, failure } = await listNotifications(terminal.api(), options, limit);
      print(items, notificationTable(items));
      if (failure !== undefined) throw failure;
    });

  root
    .command("replay <notifications...>")
    .description("sends events again, with the same ids and bytes")
    .action(async (ids: string[]) => {
      const api = terminal.api();
      const replayed = await forEachId(terminal, ids, (id) => replayNotification(api, id));
      print(replayed, replayed.map(({ eventId }) => `${eventId} is sent again`).join("\n"));
    });

  root
    .command("recover <subscription>")
    .description("counts what a webhook was not delivered since a time, and with --yes sends it again")
    .requiredOption("--since <time>", "since when", time)
    .option("--delivered", "also what was delivered")
    .option("--yes", "send it")
    .action(async (id: string, { since, delivered = false, yes = false }: RecoverOptions) => {
      const api = terminal.api();
      const body = { since, ...(delivered ? { statuses: notificationStatus.options } : {}) };
      const missing = await recoverNotifications(api, id, body, true);
      if (!yes) {
        print({ dryRun: true, notifications: missing }, `${missing} would be sent again: add --yes`);
        return;
      }
      terminal.note(`${missing} are to be sent again`);
      const notifications = await recoverNotifications(api, id, body, false);
      print({ dryRun: false, notifications }, `${notifications} are sent again`);
    });
}
