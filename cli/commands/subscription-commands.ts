import type { Command } from "commander";
import type { EventName } from "../../functions/core/events/events.ts";
import {
  createSubscription,
  deleteSubscription,
  listSubscriptions,
  rotateSecret,
  testSubscription,
} from "../api/subscriptions.ts";
import { exitCode } from "../failure.ts";
import { eventNames as addEventName, notNegative } from "../option-values.ts";
import { subscriptionTable } from "../output/tables.ts";
import { forEachId, type Terminal } from "../output/terminal.ts";

/** The command `subscriptions` and its subcommands. */
export function subscriptionCommands(root: Command, terminal: Terminal): void {
  const { print } = terminal;
  const group = root.command("subscriptions").description("manages webhook subscriptions");

  group
    .command("list")
    .description("lists subscriptions")
    .action(async () => {
      const subscriptions = await listSubscriptions(terminal.api());
      print(subscriptions, subscriptionTable(subscriptions));
    });

  group
    .command("create <url>")
    .description("subscribes a URL, and shows the signing secret once")
    .option("--event <name>", "an event such as audit.closed; repeatable (default: audit.closed)", addEventName)
    .option("--description <text>", "your description")
    .option("--ed25519", "sign with a key pair of the tracker, and show its public key")
    .action(async (webhookUrl: string, options: { event?: EventName[]; description?: string; ed25519?: boolean }) => {
      const { event: eventNames, description, ed25519 } = options;
      const signing = ed25519 ? "ed25519" : undefined;
      const created = await createSubscription(terminal.api(), { webhookUrl, eventNames, description, signing });
      const { secret, publicKey } = created.attributes;
      print(created, `${created.id}\n${secret ?? publicKey}`);
    });

  group
    .command("test <subscription>")
    .description("sends a signed test event and shows the endpoint's response")
    .action(async (id: string) => {
      const tested = await testSubscription(terminal.api(), id);
      const { delivered, statusCode, errorMessage, milliseconds } = tested.attributes;
      print(tested, `${delivered ? "delivered" : "not delivered"}: ${statusCode ?? errorMessage}, ${milliseconds} ms`);
      if (!delivered) process.exitCode = exitCode.refused;
    });

  group
    .command("rotate <subscription>")
    .description("creates a new secret and shows it once; the earlier one keeps signing for a while")
    .option("--overlap <hours>", "how long the earlier secret keeps signing; 0 after a leak (default: 24)", notNegative)
    .action(async (id: string, { overlap }: { overlap?: number }) => {
      const seconds = overlap === undefined ? undefined : Math.round(overlap * 3_600);
      const rotated = await rotateSecret(terminal.api(), id, seconds);
      const { secret, webhookKey, publicKey } = rotated.attributes;
      print(rotated, secret ?? webhookKey ?? publicKey ?? "");
    });

  group
    .command("delete <subscriptions...>")
    .description("deletes subscriptions")
    .action(async (ids: string[]) => {
      const api = terminal.api();
      const deleted = await forEachId(terminal, ids, async (id) => {
        await deleteSubscription(api, id);
        return id;
      });
      print(deleted, deleted.map((id) => `${id} is deleted`).join("\n"));
    });
}
