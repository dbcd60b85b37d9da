import { expect, test } from "@jest/globals";
import { listEventsQuery } from "../../../functions/audits-api/event-input.ts";
import { listEvents } from "../../../functions/audits-api/lists/list-events.ts";
import { feedSettlesAfterMs } from "../../../functions/core/publishing/event-feed.ts";
import { pageToken } from "../../../functions/core/shared/page-token.ts";
import { newTable } from "../../support/dynamodb/dynamo-stores.ts";
import { memoryDynamoDb } from "../../support/dynamodb/memory-dynamodb.ts";
import { storesOf } from "../../support/dynamodb/stores-of-table.ts";
import { noon } from "../../support/fake-clock.ts";

test("a rare event behind more than one request reads is reached by `next`", async () => {
  const { feed, audits } = storesOf(await newTable(memoryDynamoDb()));
  const frequent = { eventName: "subscription.disabled", body: "-".repeat(100_000) } as const;
  for (let number = 0; number < 60; number++) {
    const position = { at: noon + number, auditId: `s#${number}`, sequence: 1 };
    await feed.append("org", { ...position, eventId: `evt_${number}`, ...frequent });
  }
  const rare = { at: noon + 100, auditId: "rare", sequence: 1 };
  await feed.append("org", { ...rare, eventId: "evt_rare", eventName: "audit.overdue", body: "{}" });

  const list = listEvents({ feed, audits, clock: () => noon + 1_000 + feedSettlesAfterMs });
  const found: string[] = [];
  let requests = 0;
  let page: Awaited<ReturnType<typeof list>> | undefined;
  do {
    const after = page?.next === undefined ? {} : { "page[after]": pageToken(page.next) };
    page = await list("org", listEventsQuery.parse({ "filter[type]": "audit.overdue", ...after }), []);
    found.push(...page.events.map(({ id }) => id));
    requests++;
  } while (page.hasNextPage && requests < 10);
  expect(found).toEqual(["evt_rare"]);
  expect(requests).toBe(2);
});
