import { DeleteItemCommand, DynamoDBClient, GetItemCommand, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { marshall, unmarshall } from "@aws-sdk/util-dynamodb";
import { afterAll } from "@jest/globals";
import type { LocalOutputs } from "../../../infra/local/local-tracker.ts";
import { operatorCredentials } from "../../../infra/local/runner/operator-credentials.ts";

interface RowKey {
  pk: string;
  sk: string;
}

/** Direct access to rows, for states that otherwise need time or a crash. */
export function storedRows({ DynamoDbEndpoint: endpoint, TableName }: LocalOutputs) {
  const client = new DynamoDBClient({ endpoint, ...operatorCredentials });
  afterAll(() => client.destroy());
  const at = (key: RowKey) => ({ TableName, Key: marshall({ ...key }) });
  return {
    async get(key: RowKey): Promise<Record<string, unknown>> {
      const { Item: item = {} } = await client.send(new GetItemCommand({ ...at(key), ConsistentRead: true }));
      return unmarshall(item);
    },
    /** Sets attributes of a row, each by its path. */
    async set(key: RowKey, changes: readonly (readonly [path: readonly string[], value: unknown])[]): Promise<void> {
      const names = new Map(changes.flatMap(([path]) => path).map((name, number) => [name, `#n${number}`]));
      const target = (path: readonly string[]) => path.map((name) => names.get(name)).join(".");
      await client.send(
        new UpdateItemCommand({
          ...at(key),
          UpdateExpression: `SET ${changes.map(([path], number) => `${target(path)} = :v${number}`).join(", ")}`,
          ExpressionAttributeNames: Object.fromEntries([...names].map(([name, placeholder]) => [placeholder, name])),
          ExpressionAttributeValues: marshall(
            Object.fromEntries(changes.map(([, value], number) => [`:v${number}`, value])),
            { removeUndefinedValues: true },
          ),
        }),
      );
    },
    async delete(key: RowKey): Promise<void> {
      await client.send(new DeleteItemCommand(at(key)));
    },
  };
}

/** The key of an audit's row. */
export function auditRow(organizationId: string, auditId: string): RowKey {
  return { pk: `AUDIT#${organizationId}#${auditId}`, sk: "AUDIT" };
}

/** The key of a pending adoption's row. */
export function adoptionRow(organizationId: string, kardAuditId: string): RowKey {
  return { pk: `ADOPTION#${organizationId}#${kardAuditId}`, sk: "ADOPTION" };
}

/** Makes an event unpublished, as after a crash before publishing. */
export async function leaveUnpublished(
  rows: ReturnType<typeof storedRows>,
  organizationId: string,
  auditId: string,
  eventKey: string,
): Promise<void> {
  const row = auditRow(organizationId, auditId);
  const events = (await rows.get(row)).events as Record<string, Record<string, unknown>>;
  const {
    publishedAt: _1,
    queuedAt: _2,
    notifiedAt: _3,
    feedAt: _4,
    busAt: _5,
    topicAt: _6,
    ...event
  } = events[eventKey] ?? {};
  await rows.set(row, [[["events", eventKey], event]]);
}

/** The key of the row of one event for one subscription. */
export function notificationRow(
  organizationId: string,
  auditId: string,
  sequence: number,
  subscriptionId: string,
): RowKey {
  return { pk: `AUDIT#${organizationId}#${auditId}`, sk: `NOTIFICATION#${sequence}#${subscriptionId}` };
}
