/** Why an invocation failed. */
export interface Failure {
  readonly errorType: string;
  readonly errorMessage: string;
}

/** How an invocation ended. `payload` is JSON. */
export type Invocation = (
  | { readonly status: "succeeded"; readonly requestId: string; readonly payload: string }
  | ({ readonly status: "failed"; readonly requestId: string } & Failure)
) & {
  /** Peak heap during the invocation in bytes; `undefined` if there was no sample. */
  readonly maxHeapBytes?: number | undefined;
};

/** Lambda's message for a function that has used up its timeout, and how long it had on this machine. */
export function timedOut(requestId: string, timeoutSeconds: number, allowedSeconds: number): string {
  const message = `RequestId: ${requestId} Error: Task timed out after ${timeoutSeconds.toFixed(2)} seconds`;
  if (allowedSeconds === timeoutSeconds) return message;
  return `${message}; this machine is busy, so it had ${allowedSeconds.toFixed(2)} seconds`;
}
