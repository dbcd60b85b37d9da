import type * as z from "zod";
import { Failure } from "../failure.ts";
import type { Api, ApiRequest } from "./api.ts";

type Page = z.ZodType<{ data: unknown[]; links?: { next?: string | undefined } }>;

/** The items of a list, and the failure that stopped reading, if any. */
export interface Listed<Item> {
  items: Item[];
  failure: Failure | undefined;
}

/** The pages of a list, one after the other. */
export async function* pagesOf<Its extends Page>(
  api: Api,
  page: Its,
  first: Pick<ApiRequest, "method" | "path" | "stop">,
): AsyncGenerator<z.output<Its>> {
  for (let next: string | undefined = first.path; next !== undefined; ) {
    const read: z.output<Its> = await api.ask(page, { ...first, path: next });
    yield read;
    next = read.links?.next;
  }
}

/**
 * Reads a list over all pages, up to `most` items.
 *
 * @throws Failure if no item could be read
 */
export async function readList<Its extends Page>(
  api: Api,
  page: Its,
  first: Pick<ApiRequest, "method" | "path">,
  most: number,
): Promise<Listed<z.output<Its>["data"][number]>> {
  const items: unknown[] = [];
  try {
    for await (const { data } of pagesOf(api, page, first)) {
      items.push(...data);
      if (items.length >= most) break;
    }
  } catch (error) {
    if (!(error instanceof Failure) || items.length === 0) throw error;
    return { items: items.slice(0, most), failure: error };
  }
  return { items: items.slice(0, most), failure: undefined };
}

/** @throws Failure if the list could not be read to its end */
export function wholeList<Item>({ items, failure }: Listed<Item>): Item[] {
  if (failure !== undefined) throw failure;
  return items;
}
