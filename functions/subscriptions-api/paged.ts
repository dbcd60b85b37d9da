import { pageToken, readPageToken } from "../core/page-token.ts";
import type { PagePosition } from "../core/ports.ts";
import { type Caller, type HttpRequest, pageLink } from "../platform/http.ts";
import { httpError } from "../platform/http-error.ts";

type TokenSecret = () => Promise<Uint8Array>;

/**
 * Where a page of a list begins.
 *
 * @param list what the list is of: a token of another one is refused
 * @throws HttpError 400 for a token that was not made for this list
 */
export async function pageBegin(
  tokenSecret: TokenSecret,
  list: unknown[],
  token: string | undefined,
): Promise<PagePosition | undefined> {
  if (token === undefined) return undefined;
  const from = readPageToken(await tokenSecret(), JSON.stringify(list), token);
  if (from === undefined) throw httpError(400, "is not a token of this list", { parameter: "page[after]" });
  return from;
}

/** The link to the page that begins at a position, if there is one. */
export async function pageLinks(
  tokenSecret: TokenSecret,
  list: unknown[],
  next: PagePosition | undefined,
  request: HttpRequest<Caller>,
): Promise<{ next?: string }> {
  if (next === undefined) return {};
  const token = pageToken(await tokenSecret(), JSON.stringify(list), next);
  return { next: pageLink(request, token) };
}
