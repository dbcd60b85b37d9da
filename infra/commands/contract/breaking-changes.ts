import type { JsonSchema } from "./json-schema.ts";

/** The published properties of one field. */
export interface PublishedField {
  type: string;
  required: boolean;
  values?: unknown[];
  format?: string;
  meaning?: string;
}

/** The published fields of each shape, by their paths. */
export type PublishedFields = Record<string, Record<string, PublishedField>>;

/** Lists a schema's fields, including nested fields, by their paths. */
export function fieldsOf(schema: JsonSchema, path = ""): Record<string, PublishedField> {
  const fields: Record<string, PublishedField> = {};
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const fieldPath = path === "" ? name : `${path}.${name}`;
    const values = field.const === undefined ? field.enum : [field.const];
    fields[fieldPath] = {
      type: [field.type ?? "any"].flat().join(" | "),
      required: schema.required?.includes(name) ?? false,
      ...(values === undefined ? {} : { values }),
      ...(field.format === undefined ? {} : { format: field.format }),
      ...(field.description === undefined ? {} : { meaning: field.description }),
    };
    Object.assign(fields, fieldsOf(field, fieldPath));
  }
  return fields;
}

/** Lists the breaking changes, one sentence each. Additions are not breaking. */
export function breakingChanges(published: PublishedFields, now: PublishedFields): string[] {
  return Object.entries(published).flatMap(([shape, fields]) => {
    const currentShape = now[shape];
    if (currentShape === undefined) return [`${shape} was removed`];
    return Object.entries(fields).flatMap(([path, field]) =>
      changesOf(field, currentShape[path]).map((change) => `${shape}: ${path} ${change}`),
    );
  });
}

function changesOf(published: PublishedField, now: PublishedField | undefined): string[] {
  if (now === undefined) return ["was removed"];
  const gone = (published.values ?? []).filter((value) => !now.values?.includes(value));
  return [
    ...(now.type === published.type ? [] : [`was ${published.type} and is ${now.type}`]),
    ...(published.required && !now.required ? ["was required and is optional"] : []),
    ...(now.format === published.format ? [] : [`had the format ${published.format} and has ${now.format}`]),
    ...(now.meaning === published.meaning ? [] : [`meant "${published.meaning}" and means "${now.meaning}"`]),
    ...gone.map((value) => `lost the value ${JSON.stringify(value)}`),
  ];
}
