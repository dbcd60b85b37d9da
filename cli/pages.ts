import type { z } from "zod";
import type { Api, ApiRequest } from "./api.ts";

type Page = z.ZodType<{ data: unknown[]; links?: { next?: string | undefined } }>;

/** The items of a list, over as many pages as it takes, up to `most`. */
export async function readList<Its extends Page>(
  api: Api,
  page: Its,
  first: Pick<ApiRequest, "method" | "path">,
  most: number,
): Promise<z.output<Its>["data"]> {
  const items: unknown[] = [];
  for (let next: string | undefined = first.path; next !== undefined && items.length < most; ) {
    const { data, links }: z.output<Page> = await api.ask(page, { ...first, path: next });
    items.push(...data);
    next = links?.next;
  }
  return items.slice(0, most);
}
