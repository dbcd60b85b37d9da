import { createHash } from "node:crypto";
import { ConditionalCheckFailedException, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import {
  type CallSchedule,
  maxFutureMs,
  type ScheduleRow,
  type SlotRequest,
  slotsOf,
} from "../../../core/shared/call-schedule.ts";
import { fromItem, type Item, key, type Table, toItem } from "../table/table.ts";

/** The number of tries of a reservation: another environment may change the row in between. */
const tries = 4;
/** How long an unused row is kept. */
const keptMs = 24 * 60 * 60_000;
/** A row has this many attributes for issuers' slots, regardless of how many issuers share the credential. */
const issuerGroups = 16;

/**
 * One row per schedule. A reservation is one conditional update that adds its slots to `nextAt`. It succeeds
 * regardless of concurrent reservations while there is room. A failed condition returns the current row at no cost
 * (`ReturnValuesOnConditionCheckFailure`:
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html).
 *
 * @param kind the first part of the rows' keys
 * @param timeoutMs the longest that a caller waits
 */
export function dynamoCallSchedule(
  { client, tableName }: Table,
  { kind = "KARDRATE", timeoutMs = 1_000 }: { kind?: "KARDRATE" | "ENDPOINTRATE"; timeoutMs?: number } = {},
): CallSchedule {
  /** The last known rows. `nextAt` only grows while it is in the future, so a full schedule stays full. */
  const seen = new Map<string, ScheduleRow>();

  return {
    async reserve(request) {
      const holds = holdsOf(request.organizationId);
      const memory = key(request.scheduleId, holds);
      let row = seen.get(memory) ?? {};
      for (let attempt = 0; attempt < tries; attempt++) {
        const { startAt, count, isIdle } = slotsOf(row, request);
        if (count === 0) return { startAt, count };
        const spanMs = Math.round(count * request.intervalMs * 1_000) / 1_000;
        try {
          const update = isIdle ? fromNow(request, spanMs) : furtherOn(request, spanMs, count);
          const { Attributes: written = {} } = await client.send(
            new UpdateItemCommand({
              ...update,
              TableName: tableName,
              Key: toItem({ pk: key(kind, request.scheduleId), sk: "SCHEDULE" }),
              ExpressionAttributeNames: { "#holds": holds },
              ReturnValues: "ALL_NEW",
              ReturnValuesOnConditionCheckFailure: "ALL_OLD",
            }),
            { abortSignal: AbortSignal.timeout(timeoutMs) },
          );
          row = rowOf(written, holds);
          seen.set(memory, row);
          return { startAt: Math.round(((row.nextAt ?? 0) - spanMs) * 1_000) / 1_000, count };
        } catch (error) {
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
          row = rowOf(error.Item ?? {}, holds);
          seen.set(memory, row);
        }
      }
      return { startAt: request.now, count: 0 };
    },
  };
}

/** The schedule is idle: the first slot is now. */
function fromNow({ now, maxWaitMs }: SlotRequest, spanMs: number) {
  return {
    UpdateExpression: "SET nextAt = :next, #holds = :next, expiresAt = :expiresAt",
    ConditionExpression: "attribute_not_exists(nextAt) OR nextAt <= :now OR nextAt > :impossible",
    ExpressionAttributeValues: toItem({
      ":next": now + spanMs,
      ":now": now,
      ":impossible": now + maxWaitMs + maxFutureMs,
      ":expiresAt": expiry(now),
    }),
  };
}

/** Appends to the schedule, if it has room for all slots. */
function furtherOn({ now, maxWaitMs, intervalMs }: SlotRequest, spanMs: number, count: number) {
  const inOpenHalf = "nextAt > :now AND nextAt <= :open";
  const inSecondHalf = "nextAt > :now AND nextAt <= :end AND (attribute_not_exists(#holds) OR #holds <= :now)";
  return {
    UpdateExpression: "SET nextAt = nextAt + :span, #holds = nextAt + :span, expiresAt = :expiresAt",
    ConditionExpression: count > 1 ? inOpenHalf : `(${inOpenHalf}) OR (${inSecondHalf})`,
    ExpressionAttributeValues: toItem({
      ":span": spanMs,
      ":now": now,
      ":open": now + maxWaitMs / 2 - (count - 1) * intervalMs,
      ...(count === 1 && { ":end": now + maxWaitMs }),
      ":expiresAt": expiry(now),
    }),
  };
}

/** The attribute with the time until which the issuer has reserved slots. A few issuers share it. */
function holdsOf(organizationId: string): string {
  return `holds${createHash("sha256").update(organizationId).digest().readUInt8(0) % issuerGroups}`;
}

function rowOf(item: Item, holds: string): ScheduleRow {
  const { nextAt, [holds]: holdsUntil } = fromItem(z.record(z.string(), z.unknown()), item);
  return scheduleRow.parse({ nextAt, holdsUntil });
}

const scheduleRow = z.object({ nextAt: z.number().optional(), holdsUntil: z.number().optional() });

/** DynamoDB's TTL is in seconds. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/TTL.html */
function expiry(now: number): number {
  return Math.ceil((now + keptMs) / 1_000);
}
