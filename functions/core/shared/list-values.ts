// Values of a query parameter, separated by commas. `\,` is a comma in a value, and `\\` a backslash.

/** A text as one value of a list. */
export function asListValue(text: string): string {
  return text.replace(/[\\,]/g, "\\$&");
}

/** The values of a list, each once. */
export function listValuesOf(list: string): string[] {
  const values = list.match(/(\\.|[^,\\])+/gsu) ?? [];
  return [...new Set(values.map((value) => value.replace(/\\(.)/gs, "$1")))];
}
