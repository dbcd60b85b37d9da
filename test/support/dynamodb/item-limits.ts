import type { AttributeValue } from "@aws-sdk/client-dynamodb";
import { itemSize } from "../stack-instruments/capacity-units.ts";

/**
 * Refuses an item as DynamoDB does: at most 400 KB, and no empty attribute name at any depth
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html).
 */
export function refuseInvalidItem(item: Record<string, AttributeValue>): void {
  if (itemSize(item as unknown as Parameters<typeof itemSize>[0]) > 400 * 1024) {
    throw validationError("Item size has exceeded the maximum allowed size");
  }
  if (hasEmptyName(item)) throw validationError("One or more parameter values were invalid: empty attribute name");
}

function hasEmptyName(item: Record<string, AttributeValue>): boolean {
  return Object.entries(item).some(([name, { M: members }]) => name === "" || (members && hasEmptyName(members)));
}

function validationError(message: string): Error {
  return Object.assign(new Error(message), { name: "ValidationException" });
}
