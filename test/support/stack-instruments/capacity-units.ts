import {
  type AttributeValue,
  canonical,
  type IndexDefinition,
  type Item,
  indexImage,
} from "../../../infra/local/runner/services/index-image.ts";

/**
 * Size of an item in bytes: attribute names in UTF-8 plus values.
 * Source: AWS, DynamoDB item sizes and formats.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
 */
export function itemSize(item: Item): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueSize(value), 0);
}

function valueSize(attribute: AttributeValue): number {
  const [entry] = Object.entries(attribute);
  if (entry === undefined) return 0;
  const [type, value] = entry;
  switch (type) {
    case "S":
      return Buffer.byteLength(String(value));
    case "N":
      return numberSize(String(value));
    case "B":
      return Buffer.from(String(value), "base64").length;
    case "SS":
    case "NS":
    case "BS":
      return asArray(value).reduce((sum: number, member) => sum + valueSize({ [type[0] ?? "S"]: member }), 0);
    case "L":
      return 3 + asArray(value).reduce((sum: number, member) => sum + 1 + valueSize(member as AttributeValue), 0);
    case "M": {
      const members = value as Item;
      return 3 + Object.keys(members).length + itemSize(members);
    }
    default:
      return 1; // BOOL and NULL
  }
}

/** One byte per two significant digits plus one, and one for a sign. AWS calls this approximate. */
function numberSize(digits: string): number {
  const significant = digits
    .replace(/e.*$/i, "")
    .replace(/[-+.]/g, "")
    .replace(/^0+|0+$/g, "");
  return Math.ceil(significant.length / 2) + 1 + (digits.startsWith("-") ? 1 : 0);
}

function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** Read request units: one per started 4 KB, half of that if eventually consistent. */
export function readUnits(bytes: number, consistent: boolean): number {
  return Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5);
}

/**
 * Write request units: one per started KB of the larger image, before or after. A failed condition costs the same.
 */
export function writeUnits(before: Item | undefined, after: Item | undefined): number {
  const bytes = Math.max(before === undefined ? 0 : itemSize(before), after === undefined ? 0 : itemSize(after));
  return Math.max(1, Math.ceil(bytes / 1024));
}

/**
 * Write request units that an index adds: none if its image stays the same, one write for a put, a delete or an
 * update, and a delete plus a put if its key changes. Source: AWS, global secondary indexes, write capacity.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html
 */
export function indexWriteUnits(
  before: Item | undefined,
  after: Item | undefined,
  index: IndexDefinition,
  tableKeys: readonly string[],
): number {
  const old = indexImage(before, index, tableKeys);
  const next = indexImage(after, index, tableKeys);
  if (old === undefined && next === undefined) return 0;
  if (old === undefined || next === undefined) return writeUnits(old, next);
  if (canonical(old) === canonical(next)) return 0;
  const moved = index.KeySchema.some(({ AttributeName: key }) => canonical(old[key]) !== canonical(next[key]));
  return moved ? writeUnits(old, undefined) + writeUnits(undefined, next) : writeUnits(old, next);
}
