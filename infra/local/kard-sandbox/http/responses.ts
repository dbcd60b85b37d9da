/** A response of the sandbox: JSON or no body. */
export interface SandboxResponse {
  status: number;
  json?: unknown;
  headers?: Record<string, string>;
}

/** Kard's `ErrorObject`. */
export interface ErrorObject {
  status: string;
  title: string;
  detail: string;
  source?: { pointer?: string; parameter?: string; header?: string };
  id?: string;
}

/** Kard's v2 calls return error objects; its legacy calls return strings in several shapes. */
export type ErrorStyle = "v2" | "legacy";

const titles: Record<number, string> = {
  400: "Invalid Request",
  401: "Unauthorized Error",
  404: "Does Not Exist Error",
  409: "Conflict Error",
  429: "Too Many Requests",
  500: "Internal Server Error",
  503: "Service Unavailable",
};

export function errorObject(
  status: number,
  detail: string,
  more: Pick<ErrorObject, "source" | "id"> = {},
): ErrorObject {
  return { status: String(status), title: titles[status] ?? "Error", detail, ...more };
}

export function v2Error(status: number, detail: string, more?: Pick<ErrorObject, "source" | "id">): SandboxResponse {
  return { status, json: { errors: [errorObject(status, detail, more)] } };
}

/** Kard's legacy errors: 401 is `{message}`, all others are a bare string. */
export function legacyError(status: number, detail: string): SandboxResponse {
  return { status, json: status === 401 ? { message: detail } : detail };
}

export function styledError(style: ErrorStyle, status: number, detail: string): SandboxResponse {
  return style === "v2" ? v2Error(status, detail) : legacyError(status, detail);
}
