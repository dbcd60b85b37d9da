import { exchange, openConnections } from "../http/exchange.ts";

/** AWS answers in milliseconds. A call that takes this long uses a dead connection. */
const deadlineOfAllMs = 10_000;

/** No response. The SDK retries errors with this name. */
class NoResponse extends Error {
  override readonly name = "TimeoutError";
}

/** The caller aborted the call. The SDK does not retry it. */
class Aborted extends Error {
  override readonly name = "AbortError";
}

interface AwsRequest {
  protocol: string;
  hostname: string;
  port?: number;
  path: string;
  method: "POST";
  headers: Record<string, string>;
  body?: string | Uint8Array;
}

/**
 * A `requestHandler` for clients of the AWS SDK. Requests and responses must fit into memory, and paths have no query,
 * as in AWS's JSON protocols.
 *
 * @throws NoResponse, or Aborted if the call's `abortSignal` fires
 */
export function awsHttp({ deadlineMs = deadlineOfAllMs }: { deadlineMs?: number } = {}) {
  // Idle connections are kept until the next minute's invocation.
  const connections = openConnections({ connections: 50, keepAliveTimeout: 90_000 });
  return {
    async handle(request: AwsRequest, { abortSignal }: { abortSignal?: AbortSignal } = {}) {
      const { protocol, hostname, port, path, method, body = null } = request;
      const origin = `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`;
      const headers = { ...request.headers, "user-agent": "kard-audit-tracker" };
      try {
        const sent = { origin, path, method, headers, body };
        return { response: await exchange(connections, sent, deadlineMs, { signal: abortSignal }) };
      } catch (cause) {
        if (abortSignal?.aborted) throw new Aborted(`a call to ${hostname} was given up`, { cause });
        throw new NoResponse(`no response from ${hostname}: ${cause}`, { cause });
      }
    },
    destroy() {
      void connections.destroy();
    },
  };
}
