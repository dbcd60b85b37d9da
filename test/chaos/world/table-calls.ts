import type { BatchGetItemCommandInput, BatchWriteItemCommandInput } from "@aws-sdk/client-dynamodb";
import { openTable, type Table } from "../../../functions/adapters/dynamodb/table/table.ts";
import type { Item } from "../../support/dynamodb/dynamodb-expressions.ts";
import { type Command, clientOf, type memoryTable } from "../../support/dynamodb/memory-dynamodb.ts";
import type { FaultKind, Outside, Worker } from "./outside.ts";

const reads = ["before", "crash-before", "throttle", "outage"] as const satisfies FaultKind[];
const indexReads = [...reads, "stale"] as const;
const writes = [...reads, "after", "crash-after", "twice"] as const;

/** Completed items may expire. Every write is checked for others. */
const retention = { auditDays: 400, notificationDays: 30 };

/** A lagging index misses this many of the last writes. */
const lateWrites = 3;

/** The table for one worker. */
export function tableOf(outside: Outside, rows: ReturnType<typeof memoryTable>, worker: Worker): Table {
  const client = clientOf((command) =>
    outside.pass(
      worker,
      { service: "table", name: nameOf(command), kinds: kindsOf(command) },
      {
        effect: () => rows.execute(command),
        broken: () => {
          throw new Error("the table cannot be reached");
        },
        throttled: () => throttled(rows, command),
        late: () => rows.executeLate(command, lateWrites),
      },
    ),
  );
  return { ...openTable("chaos", client), retention, sleep: outside.sleep, random: () => 0.5 };
}

function kindsOf(command: Command): readonly FaultKind[] {
  switch (command.constructor.name) {
    case "GetItemCommand":
    case "BatchGetItemCommand":
      return reads;
    case "QueryCommand":
      return "IndexName" in command.input ? indexReads : reads;
    default:
      return writes;
  }
}

/** Only the first item of the batch is processed. */
function throttled(rows: ReturnType<typeof memoryTable>, command: Command): object {
  if (command.constructor.name === "BatchWriteItemCommand") {
    const { RequestItems: [[name, all] = ["", []]] = [] } = entriesOf(command.input as BatchWriteItemCommandInput);
    rows.execute({ constructor: command.constructor, input: { RequestItems: { [name]: all.slice(0, 1) } } });
    return all.length > 1 ? { UnprocessedItems: { [name]: all.slice(1) } } : {};
  }
  if (command.constructor.name === "BatchGetItemCommand") {
    return { UnprocessedKeys: (command.input as BatchGetItemCommandInput).RequestItems };
  }
  throw new Error("the table is asked too much");
}

function entriesOf({ RequestItems: items = {} }: BatchWriteItemCommandInput) {
  return { RequestItems: Object.entries(items) };
}

function nameOf(command: Command): string {
  const { Key: key, Item: item, IndexName: index } = command.input as { Key?: Item; Item?: Item; IndexName?: string };
  const row = key ?? item;
  const kind = row === undefined ? index : (row.sk?.S ?? "").split("#")[0];
  return [command.constructor.name.replace("Command", ""), kind].filter(Boolean).join(" ");
}
