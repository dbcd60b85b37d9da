import { expect, test } from "@jest/globals";
import { listAuditsQuery } from "../../../../functions/audits-api/list-input.ts";
import { listAudits } from "../../../../functions/audits-api/lists/list-audits.ts";
import { pageToken } from "../../../../functions/core/shared/page-token.ts";
import { newTable } from "../../../support/dynamodb/dynamo-stores.ts";
import { memoryDynamoDb } from "../../../support/dynamodb/memory-dynamodb.ts";
import { storesOf } from "../../../support/dynamodb/stores-of-table.ts";
import { noon } from "../../../support/fake-clock.ts";
import { aRequest, openAudit } from "../../../support/sample-audits.ts";

test.each(["createdAt", "-createdAt", "settledAt"])(
  "audits with long texts are split into pages that Lambda can return, by %s",
  async (sort) => {
    const { audits, listing } = storesOf(await newTable(memoryDynamoDb()));
    const request = { ...aRequest, auditDescription: '"'.repeat(4_000) };
    const metadata = Object.fromEntries(Array.from({ length: 16 }, (_, n) => [`key-${n}`, '"'.repeat(490)]));
    for (let number = 0; number < 150; number++) {
      const { lane: _lane, laneAt: _laneAt, ...audit } = openAudit({ auditId: `a-${number}`, request, metadata });
      const times = { createdAt: noon + number, settledAt: noon + 500 - (number % 7) };
      await audits.create({ ...audit, ...times, status: "CLOSED" });
    }
    const seen: string[] = [];
    let page: Awaited<ReturnType<ReturnType<typeof listAudits>>> | undefined;
    do {
      const after = page?.next === undefined ? {} : { "page[after]": pageToken(page.next) };
      page = await listAudits({ listing })("org", listAuditsQuery.parse({ sort, "page[size]": "200", ...after }));
      expect(Buffer.byteLength(JSON.stringify({ body: JSON.stringify(page) }))).toBeLessThan(6_000_000);
      seen.push(...page.audits.map(({ id }) => id));
    } while (page.next !== undefined);
    expect(new Set(seen).size).toBe(150);
    expect(seen).toHaveLength(150);
  },
);
