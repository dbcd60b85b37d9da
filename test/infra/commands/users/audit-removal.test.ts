import { expect, test } from "@jest/globals";
import { dynamoStores } from "../../../support/dynamodb/dynamo-stores.ts";
import { clientOf, memoryDynamoDb } from "../../../support/dynamodb/memory-dynamodb.ts";
import { aNotification, openAudit } from "../../../support/sample-audits.ts";

test("an interrupted removal is completed by the next one", async () => {
  const rows = 5;
  for (let cutAfter = 0; cutAfter < rows; cutAfter++) {
    const memory = memoryDynamoDb();
    let deletes = Number.NEGATIVE_INFINITY;
    const client = clientOf(async (command) => {
      if (command.constructor.name === "DeleteItemCommand" && deletes++ >= cutAfter) throw new Error("cut off");
      return memory.send(command as Parameters<typeof memory.send>[0]);
    });
    const { audits, auditRemoval, notifications } = await dynamoStores(client);
    await audits.create(openAudit());
    for (let sequence = 1; sequence < rows; sequence++) {
      await notifications.put(aNotification({ sequence }), undefined);
    }
    deletes = 0;
    await expect(auditRemoval.remove(openAudit())).rejects.toThrow("cut off");
    expect(await audits.get(openAudit())).toEqual(openAudit());
    expect(await notifications.listOfAudit(openAudit())).toHaveLength(rows - 1 - cutAfter);
    deletes = Number.NEGATIVE_INFINITY;
    expect(await auditRemoval.remove(openAudit())).toBe(rows - cutAfter);
    expect(await audits.get(openAudit())).toBeUndefined();
  }
});
