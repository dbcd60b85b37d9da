import { type Durations, mergedDurations } from "./durations.ts";

/** The key of all other merchants of a day. The key of a single merchant always has the prefix. */
const otherMerchants = "(other merchants)";
const prefix = "m:";

/**
 * With these bounds a day stays far below the 400 KB of a DynamoDB item.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
 */
const maxMerchantsPerDay = 500;
const maxBytes = 250_000;

/**
 * The key of a merchant in a day's figures. The prefix keeps any name usable: DynamoDB refuses an empty attribute name,
 * and `__proto__` would set the prototype of an object.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
 */
export function merchantKey(merchantName: string): string {
  return prefix + merchantName;
}

/** The name of a merchant, by its key. */
export function merchantOf(key: string): string {
  return key.startsWith(prefix) ? key.slice(prefix.length) : key;
}

/**
 * Merges the merchants that do not fit in a day's row into one. Merchants of the former figures stay first, so that
 * their counts remain whole.
 */
export function boundedMerchants(
  merchants: Readonly<Record<string, Durations>>,
  former: Readonly<Record<string, Durations>>,
): Record<string, Durations> {
  const { [otherMerchants]: others, ...single } = merchants;
  const known = Object.entries(single).sort(
    ([one], [other]) => Number(Object.hasOwn(former, other)) - Number(Object.hasOwn(former, one)),
  );
  const kept: [string, Durations][] = [];
  const merged = others === undefined ? [] : [others];
  let bytes = 0;
  for (const [key, durations] of known) {
    bytes += maxSize(key, durations);
    if (kept.length < maxMerchantsPerDay && bytes <= maxBytes) kept.push([key, durations]);
    else merged.push(durations);
  }
  if (merged.length > 0) kept.push([otherMerchants, mergedDurations(merged)]);
  return Object.fromEntries(kept);
}

/**
 * The maximum size in bytes of an entry in DynamoDB
 * (https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html).
 */
function maxSize(key: string, { buckets }: Durations): number {
  return Buffer.byteLength(key) + 40 + 12 * Object.keys(buckets).length;
}
