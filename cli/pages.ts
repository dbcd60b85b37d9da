import { z } from "zod";
import { listLinks } from "../functions/core/answer-shapes.ts";
import type { Api } from "./api.ts";

/** A query string, with what is not given left out; empty without anything. */
export function queryOf(parameters: Readonly<Record<string, string | number | undefined>>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== undefined);
  const query = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
  return query.size === 0 ? "" : `?${query}`;
}

/** The items of a list, over as many pages as it takes, up to `most`. */
export async function readList<Item extends z.ZodType>(
  api: Api,
  item: Item,
  path: string,
  most: number,
): Promise<z.output<Item>[]> {
  const page = z.object({ data: z.array(item), links: listLinks.optional() });
  const items: z.output<Item>[] = [];
  for (let next: string | undefined = path; next !== undefined && items.length < most; ) {
    const { data, links } = (await api.ask(page, { method: "GET", path: next })) as z.output<typeof page>;
    items.push(...data);
    next = links?.next;
  }
  return items.slice(0, most);
}

/** The path of an issuer's resources; each part is encoded. */
export function pathOf({ organizationId }: Api, ...parts: string[]): string {
  return ["/v2/issuers", ...[organizationId, ...parts].map(encodeURIComponent)].join("/");
}
