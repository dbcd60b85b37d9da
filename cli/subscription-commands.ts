import type { Command } from "commander";
import type { EventName } from "../functions/core/events/events.ts";
import { exitCode } from "./failure.ts";
import { eventNames as addEventName, notNegative } from "./option-values.ts";
import {
  createSubscription,
  deleteSubscription,
  listSubscriptions,
  rotateSecret,
  testSubscription,
} from "./subscriptions.ts";
import { subscriptionTable } from "./tables.ts";
import { forEachId, type Terminal } from "./terminal.ts";

/** `subscriptions` and what can be done with them. */
export function subscriptionCommands(root: Command, terminal: Terminal): void {
  const { print } = terminal;
  const group = root.command("subscriptions").description("webhooks that are told of events");

  group
    .command("list")
    .description("lists them")
    .action(async () => {
      const subscriptions = await listSubscriptions(terminal.api());
      print(subscriptions, subscriptionTable(subscriptions));
    });

  group
    .command("create <url>")
    .description("subscribes a URL, and shows the secret that verifies what is sent, this once")
    .option("--event <name>", "audit.closed and others, several times (audit.closed)", addEventName)
    .option("--description <text>", "what you call it")
    .option("--ed25519", "sign by a key of the tracker's own, whose public half is shown")
    .action(async (webhookUrl: string, options: { event?: EventName[]; description?: string; ed25519?: boolean }) => {
      const { event: eventNames, description, ed25519 } = options;
      const signing = ed25519 ? "ed25519" : undefined;
      const created = await createSubscription(terminal.api(), { webhookUrl, eventNames, description, signing });
      const { secret, publicKey } = created.attributes;
      print(created, `${created.id}\n${secret ?? publicKey}`);
    });

  group
    .command("test <subscription>")
    .description("sends a signed ping and shows what the endpoint answered")
    .action(async (id: string) => {
      const tested = await testSubscription(terminal.api(), id);
      const { delivered, statusCode, errorMessage, milliseconds } = tested.attributes;
      print(tested, `${delivered ? "delivered" : "not delivered"}: ${statusCode ?? errorMessage}, ${milliseconds} ms`);
      if (!delivered) process.exitCode = exitCode.refused;
    });

  group
    .command("rotate <subscription>")
    .description("makes a new secret and shows it, this once; the former one signs beside it for a while")
    .option("--overlap <hours>", "for how long; 0 after a leak (24)", notNegative)
    .action(async (id: string, { overlap }: { overlap?: number }) => {
      const seconds = overlap === undefined ? undefined : Math.round(overlap * 3_600);
      const rotated = await rotateSecret(terminal.api(), id, seconds);
      const { secret, webhookKey, publicKey } = rotated.attributes;
      print(rotated, secret ?? webhookKey ?? publicKey ?? "");
    });

  group
    .command("delete <subscriptions...>")
    .description("deletes webhooks: nothing is sent to them any more")
    .action(async (ids: string[]) => {
      const api = terminal.api();
      const deleted = await forEachId(terminal, ids, async (id) => {
        await deleteSubscription(api, id);
        return id;
      });
      print(deleted, deleted.map((id) => `${id} is deleted`).join("\n"));
    });
}
