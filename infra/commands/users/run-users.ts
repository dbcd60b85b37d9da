import { existsSync, writeFileSync } from "node:fs";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SingleBar } from "cli-progress";
import { dynamoAdoptions } from "../../../functions/adapters/dynamodb/adoptions.ts";
import { dynamoAuditLanes } from "../../../functions/adapters/dynamodb/audit-lanes.ts";
import { dynamoAuditListing } from "../../../functions/adapters/dynamodb/audit-listing.ts";
import { dynamoAuditRemoval } from "../../../functions/adapters/dynamodb/audit-removal.ts";
import { dynamoNotificationListing } from "../../../functions/adapters/dynamodb/notification-listing.ts";
import { dynamoNotifications } from "../../../functions/adapters/dynamodb/notifications.ts";
import { openTable, type Table } from "../../../functions/adapters/dynamodb/table.ts";
import { isOpen } from "../../../functions/core/audits/audit.ts";
import { exitCodeOf } from "../exit-code.ts";
import { printNote, printResult } from "../output.ts";
import { clientOptions, readStackOutputs, tableOutputs } from "../stack-outputs.ts";
import { eraseUserData, openAudits } from "./erase-user.ts";
import { findUserData, type User, type UserData } from "./find-user-data.ts";
import { counted, exported } from "./show-user-data.ts";
import { readUsersCommand, type UsersCommand, usersUsage } from "./users-command.ts";

/** How it ends when it was not told to do what it could: neither done nor failed. */
const unconfirmed = 2;

/**
 * Exports or erases what the table of a stack holds of one user. Standard output has the export and nothing else, so
 * that a program can take it; what was or would be done is said on standard error.
 *
 * @param calledAs how the help names the program
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

/** Only its owner can read it; a file that is there is not written over. */
function writeNew(file: string, text: string): void {
  if (existsSync(file)) throw new Error(`${file} is there already: name another, or take it away`);
  writeFileSync(file, text, { mode: 0o600, flag: "wx" });
}

async function find(table: Table, user: User): Promise<UserData> {
  // It draws on standard error, and only for a person.
  const bar = new SingleBar({ format: "{value} rows looked through", clearOnComplete: true, hideCursor: true });
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
    printNote(`not yet done with: ${named.join(", ")}. Wait until they are, or erase them with --include-open`);
  }
  if (command["dry-run"]) return 0;
  if (open.length > 0) return 1;
  if (!command.yes) {
    printNote("nothing is erased yet: say --yes to erase this, for good");
    return unconfirmed;
  }
  const removed = await eraseUserData(
    { auditRemoval: dynamoAuditRemoval(table), adoptions: dynamoAdoptions(table) },
    data,
  );
  printNote(`${removed} rows are erased`);
  return 0;
}
