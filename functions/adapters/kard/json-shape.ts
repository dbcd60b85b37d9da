const maxPaths = 40;
const maxDepth = 6;

/**
 * What a JSON value looks like, without what it says: its paths and their types, such as `errors[].status: number`. A
 * list is described by its first element, a property whose name is no plain word as `*`.
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
/** Where a name is data, such as an id, it is not told. */
const word = (name: string) => (/^[A-Za-z_]\w{0,39}$/.test(name) && !/\d{3}/.test(name) ? name : "*");
