const maxPaths = 40;
const maxDepth = 6;

/**
 * Describes the structure of a JSON value without its data: paths and types, such as `errors[].status: number`. An
 * array is described by its first element. Property names that may be data become `*`.
 *
 * @returns at most 40 lines
 */
export function shapeOf(value: unknown): string[] {
  return linesOf("", value, 0).slice(0, maxPaths);
}

function linesOf(path: string, value: unknown, depth: number): string[] {
  if (Array.isArray(value)) {
    if (value.length === 0 || depth === maxDepth) return [line(path, "array")];
    return linesOf(`${path}[]`, value[0], depth + 1);
  }
  if (value === null || typeof value !== "object") return [line(path, value === null ? "null" : typeof value)];
  const entries = Object.entries(value).slice(0, maxPaths);
  if (entries.length === 0 || depth === maxDepth) return [line(path, "object")];
  return entries.flatMap(([name, inner]) =>
    linesOf(path === "" ? word(name) : `${path}.${word(name)}`, inner, depth + 1),
  );
}

const line = (path: string, type: string) => (path === "" ? type : `${path}: ${type}`);
/** A property name may be data, such as an id. Then it is hidden. */
const word = (name: string) => (/^[A-Za-z_]\w{0,39}$/.test(name) && !/\d{3}/.test(name) ? name : "*");
