import { existsSync, writeFileSync } from "node:fs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SingleBar } from "cli-progress";
import { dynamoAdoptions } from "../../../functions/adapters/dynamodb/adoptions.ts";
import { dynamoAuditLanes } from "../../../functions/adapters/dynamodb/audit-lanes.ts";
import { dynamoAuditListing } from "../../../functions/adapters/dynamodb/audit-listing.ts";
import { dynamoNotificationListing } from "../../../functions/adapters/dynamodb/notification-listing.ts";
import { dynamoNotifications } from "../../../functions/adapters/dynamodb/notifications.ts";
import { openTable, type Table } from "../../../functions/adapters/dynamodb/table/table.ts";
import { isOpen } from "../../../functions/core/audits/audit.ts";
import { exitCodeOf } from "../exit-code.ts";
import { printNote, printResult } from "../output.ts";
import { clientOptions, readStackOutputs, tableOutputs } from "../stack-outputs.ts";
import { dynamoAuditRemoval } from "./audit-removal.ts";
import { eraseUserData, openAudits } from "./erase-user.ts";
import { findUserData, type User, type UserData } from "./find-user-data.ts";
import { counted, exported } from "./show-user-data.ts";
import { readUsersCommand, type UsersCommand, usersUsage } from "./users-command.ts";

/** Exit code if `--yes` is missing: neither done nor failed. */
const unconfirmed = 2;

/**
 * Exports or erases the data of one user in a stack's table. Standard output contains only the export, for use by
 * programs. Everything else goes to standard error.
 *
 * @param calledAs name of the program in the help
 * @returns the exit code
 */
export async function runUsers(args: readonly string[], calledAs: string): Promise<number> {
  return exitCodeOf(async () => {
    const command = readUsersCommand(args);
    if (command !== "help") return run(command);
    printResult(usersUsage(calledAs));
    return 0;
  });
}

async function run(command: UsersCommand): Promise<number> {
  const outputs = readStackOutputs(tableOutputs, command.outputs);
  const table = openTable(outputs.TableName, new DynamoDBClient(clientOptions(outputs)));
  const user = { organizationId: command.organization, userId: command.user };
  const data = await find(table, user);
  printNote(counted(user, data));
  switch (command.command) {
    case "export": {
      const text = exported(user, data, Date.now());
      if (command.output === undefined) printResult(text);
      else writeNew(command.output, `${text}\n`);
      return 0;
    }
    case "erase":
      return erase(table, data, command);
  }
}

/** Creates a file with mode 600. Does not overwrite an existing file. */
function writeNew(file: string, text: string): void {
  if (existsSync(file)) throw new Error(`${file} exists: choose another file, or remove it`);
  writeFileSync(file, text, { mode: 0o600, flag: "wx" });
}

async function find(table: Table, user: User): Promise<UserData> {
  // The bar goes to standard error, and only on a terminal.
  const bar = new SingleBar({ format: "{value} rows searched", clearOnComplete: true, hideCursor: true });
  bar.start(0, 0);
  try {
    const stores = {
      listing: dynamoAuditListing(table),
      notificationListing: dynamoNotificationListing(table),
      notifications: dynamoNotifications(table),
      lanes: dynamoAuditLanes(table),
      adoptions: dynamoAdoptions(table),
    };
    return await findUserData(stores)(user, (rows) => bar.increment(rows));
  } finally {
    bar.stop();
  }
}

type EraseCommand = Extract<UsersCommand, { command: "erase" }>;

async function erase(table: Table, data: UserData, command: EraseCommand): Promise<number> {
  const open = command["include-open"] ? [] : openAudits(data);
  if (open.length > 0) {
    const named = open.map(({ auditId, status }) =>
      isOpen(status) ? `${auditId} (${status})` : `${auditId} (${status}, but not published or not delivered)`,
    );
    printNote(`not settled: ${named.join(", ")}. Wait until they are, or erase them with --include-open`);
  }
  if (command["dry-run"]) return 0;
  if (open.length > 0) return 1;
  if (!command.yes) {
    printNote("nothing is erased: add --yes to erase this data permanently");
    return unconfirmed;
  }
  const removed = await eraseUserData(
    { auditRemoval: dynamoAuditRemoval(table), adoptions: dynamoAdoptions(table) },
    data,
  );
  printNote(`${removed} rows erased`);
  return 0;
}
