import * as z from "zod";
import type { PagePosition } from "./ports.ts";
import { identifier } from "./text.ts";

const position = z.tuple([z.int(), identifier, z.int().min(0).optional()]);

/**
 * Encodes a page's start position. It is a position in the caller's own list, so it needs no protection, and any
 * position is valid.
 */
export function pageToken({ at, id, partition }: PagePosition): string {
  const parts = partition === undefined ? [at, id] : [at, id, partition];
  return Buffer.from(JSON.stringify(parts)).toString("base64url");
}

function readPageToken(token: string): PagePosition | undefined {
  try {
    const [at, id, partition] = position.parse(JSON.parse(Buffer.from(token, "base64url").toString("utf8")));
    return { at, id, ...(partition === undefined ? {} : { partition }) };
  } catch {
    return undefined;
  }
}

/**
 * The query parameter `page[after]`.
 *
 * @param isId whether a text can be the id of a listed item
 */
export function pageAfter(isId: (id: string) => boolean = () => true) {
  return z
    .string()
    .max(1_000, "is not a page token of this list")
    .describe("The start of the page. Use `links.next` of the previous page as it is.")
    .transform((token, context) => {
      const from = readPageToken(token);
      if (from !== undefined && isId(from.id)) return from;
      context.addIssue("is not a page token of this list");
      return z.NEVER;
    })
    .optional();
}

/** The link to the next page, if there is one. */
export function pageLinks(
  { urlPath, query }: { urlPath: string; query: Readonly<Record<string, string>> },
  next: PagePosition | undefined,
): { next?: string } {
  if (next === undefined) return {};
  return { next: `${urlPath}?${new URLSearchParams({ ...query, "page[after]": pageToken(next) })}` };
}
