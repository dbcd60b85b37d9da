import type { JsonSchema } from "./json-schema.ts";

/** What has been promised of one field. */
export interface Promised {
  type: string;
  required: boolean;
  values?: unknown[];
  format?: string;
  meaning?: string;
}

/** What has been promised of each shape, by the paths of its fields. */
export type Promises = Record<string, Record<string, Promised>>;

/** The promises that a schema makes, one for each of its fields. */
export function promisesOf(schema: JsonSchema, path = ""): Record<string, Promised> {
  const promises: Record<string, Promised> = {};
  for (const [name, field] of Object.entries(schema.properties ?? {})) {
    const fieldPath = path === "" ? name : `${path}.${name}`;
    const values = field.const === undefined ? field.enum : [field.const];
    promises[fieldPath] = {
      type: [field.type ?? "any"].flat().join(" | "),
      required: schema.required?.includes(name) ?? false,
      ...(values === undefined ? {} : { values }),
      ...(field.format === undefined ? {} : { format: field.format }),
      ...(field.description === undefined ? {} : { meaning: field.description }),
    };
    Object.assign(promises, promisesOf(field, fieldPath));
  }
  return promises;
}

/** Which promises are broken by what is now: each a sentence. What is added breaks none. */
export function brokenPromises(published: Promises, now: Promises): string[] {
  return Object.entries(published).flatMap(([shape, fields]) => {
    const shapeNow = now[shape];
    if (shapeNow === undefined) return [`${shape} is gone`];
    return Object.entries(fields).flatMap(([path, promised]) =>
      brokenOf(promised, shapeNow[path]).map((broken) => `${shape}: ${path} ${broken}`),
    );
  });
}

function brokenOf(promised: Promised, now: Promised | undefined): string[] {
  if (now === undefined) return ["is gone"];
  const gone = (promised.values ?? []).filter((value) => !now.values?.includes(value));
  return [
    ...(now.type === promised.type ? [] : [`was ${promised.type} and is ${now.type}`]),
    ...(promised.required && !now.required ? ["was always there and is no longer"] : []),
    ...(now.format === promised.format ? [] : [`had the format ${promised.format} and has ${now.format}`]),
    ...(now.meaning === promised.meaning ? [] : [`meant "${promised.meaning}" and means "${now.meaning}"`]),
    ...gone.map((value) => `no longer has the value ${JSON.stringify(value)}`),
  ];
}
