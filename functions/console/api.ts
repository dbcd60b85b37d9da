import type { Call } from "./call.ts";

/** An error of the API, in words for the reader. */
export class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

/** The path before `/console`: empty, unless a proxy adds a prefix. */
const base = location.pathname.replace(/\/console\/?$/, "");

/**
 * A client of the API.
 *
 * @param onUnauthorized called when the API no longer accepts the credential
 */
export function apiClient(credential: string, organizationId: string, onUnauthorized: () => void): Call {
  return async (route, { path = {}, query = {}, body, signal, onStatus } = {}) => {
    const [method = "", pattern = ""] = route.split(" ");
    const parameters: Record<string, string> = { organizationId, ...path };
    const filled = pattern.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(parameters[name] ?? ""));
    const search = new URLSearchParams(query as Record<string, string>).toString();
    const response = await send(base + filled + (search === "" ? "" : `?${search}`), {
      method,
      cache: "no-store",
      credentials: "omit",
      headers: {
        authorization: `Bearer ${credential}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    if (response.status === 401) onUnauthorized();
    if (!response.ok) throw new ApiError(response.status, await explain(response));
    onStatus?.(response.status);
    return response.status === 204 ? undefined : await response.json();
  };
}

async function send(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError(0, "The API cannot be reached. Check your connection and try again.");
  }
}

async function explain(response: Response): Promise<string> {
  const wait = response.headers.get("retry-after");
  if (response.status === 429) return `Too many requests. Try again in ${wait ?? "a few"} seconds.`;
  try {
    const { errors } = (await response.json()) as { errors: { detail: string; source?: Record<string, string> }[] };
    return errors
      .map(({ detail, source }) => [Object.values(source ?? {})[0], detail].filter(Boolean).join(" "))
      .join("; ");
  } catch {
    return `The API answered ${response.status}. Try again.`;
  }
}

/** The position of the next page in a list's links; `undefined` at the end. */
export function nextPage(links: { next?: string | undefined } | undefined): string | undefined {
  if (links?.next === undefined) return undefined;
  return new URL(links.next, location.origin).searchParams.get("page[after]") ?? undefined;
}
