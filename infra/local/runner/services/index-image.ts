/** A DynamoDB attribute value in wire form. */
export type AttributeValue = Readonly<Record<string, unknown>>;
export type Item = Readonly<Record<string, AttributeValue>>;

/** An index's key and projection. */
export interface IndexDefinition {
  readonly IndexName: string;
  readonly KeySchema: readonly { readonly AttributeName: string }[];
  readonly Projection: {
    readonly ProjectionType: "ALL" | "KEYS_ONLY" | "INCLUDE";
    readonly NonKeyAttributes?: readonly string[] | undefined;
  };
}

/** An item's projection in an index; undefined if the item lacks one of the index's keys. */
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

/** Canonical JSON: equal values give equal texts, whatever the order of their attributes. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === "object" && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}
