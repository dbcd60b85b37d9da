import { QueryCommand } from "@aws-sdk/client-dynamodb";
import * as z from "zod";
import { notificationStatus } from "../../core/notifications/notification.ts";
import type { NotificationState, NotificationStates } from "../../core/notifications/ports.ts";
import { notificationKeyOfRow } from "./notifications.ts";
import { filterExpression } from "./table/index-filter.ts";
import { fromItem, type Item, key, type Table, toItem } from "./table/table.ts";

const row = z.object({ pk: z.string(), sk: z.string(), status: notificationStatus, listedAt: z.number() }).transform(
  ({ pk, sk, status, listedAt }): NotificationState => ({
    ...notificationKeyOfRow({ pk, sk }),
    ...{ status, createdAt: listedAt },
  }),
);

/** The limit of one read: 5 MB of the issuer's index rows, about 20,000 of all subscriptions. */
const maxQueries = 5;

/** The states of a subscription's notifications, in index `byIssuer`. */
export function dynamoNotificationStates({ client, tableName }: Table): NotificationStates {
  return {
    async read({ organizationId, subscriptionId }, { since, statuses }) {
      const filter = filterExpression([
        { attribute: "subscriptionId", anyOf: [subscriptionId] },
        { attribute: "status", anyOf: statuses },
      ]);
      const states: NotificationState[] = [];
      let last: Item | undefined;
      for (let query = 0; query < maxQueries; query++) {
        const answer = await client.send(
          new QueryCommand({
            TableName: tableName,
            IndexName: "byIssuer",
            KeyConditionExpression: "issuer = :issuer AND listedAt >= :since",
            FilterExpression: filter.expression,
            ExpressionAttributeNames: filter.names,
            ExpressionAttributeValues: toItem({
              ...{ ":issuer": key(organizationId, "NOTIFICATIONS"), ":since": since },
              ...filter.values,
            }),
            ScanIndexForward: false,
            ExclusiveStartKey: last,
          }),
        );
        states.push(...(answer.Items ?? []).map((item) => fromItem(row, item)));
        last = answer.LastEvaluatedKey;
        if (last === undefined) break;
      }
      return { states, isComplete: last === undefined };
    },
  };
}
