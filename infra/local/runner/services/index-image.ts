/** A DynamoDB attribute value in wire form. */
export type AttributeValue = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, AttributeValue>>;

/** What decides which items an index holds, and how much of each. */
export interface IndexDefinition {
  readonly IndexName: string;
  readonly KeySchema: readonly { readonly AttributeName: string }[];
  readonly Projection: {
    readonly ProjectionType: "ALL" | "KEYS_ONLY" | "INCLUDE";
    readonly NonKeyAttributes?: readonly string[] | undefined;
  };
}

/** What an index holds of an item; undefined where the item lacks one of the index's keys. */
export function indexImage(
  item: Item | undefined,
  index: IndexDefinition,
  tableKeys: readonly string[],
): Item | undefined {
  const indexKeys = index.KeySchema.map(({ AttributeName }) => AttributeName);
  if (item === undefined || indexKeys.some((key) => item[key] === undefined)) return undefined;
  const { ProjectionType, NonKeyAttributes = [] } = index.Projection;
  if (ProjectionType === "ALL") return item;
  const projected = new Set([...tableKeys, ...indexKeys, ...(ProjectionType === "INCLUDE" ? NonKeyAttributes : [])]);
  return Object.fromEntries(Object.entries(item).filter(([name]) => projected.has(name)));
}

/** A text that is the same for equal values, whatever the order of their attributes. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
