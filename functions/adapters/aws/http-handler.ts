import { exchange, openConnections } from "../http/exchange.ts";

/** AWS answers in milliseconds: what takes this long went to a connection that is no more. */
const deadlineOfAllMs = 10_000;

/** Whatever kept an answer away. The SDK goes by the name: what is called this it may try again. */
class NoAnswer extends Error {
  override readonly name = "TimeoutError";
}

/** The caller's own end of a call, which the SDK does not try again. */
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
 * HTTP for a client of the AWS SDK whose requests and answers fit into memory and whose paths have no query, as those
 * of the JSON protocols: its `requestHandler`.
 *
 * @throws NoAnswer, and Aborted where the call's `abortSignal` ends it
 */
export function awsHttp({ deadlineMs = deadlineOfAllMs }: { deadlineMs?: number } = {}) {
  // Idle ones are kept from one minute's run to the next.
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
        throw new NoAnswer(`no answer from ${hostname}: ${cause}`, { cause });
      }
    },
    destroy() {
      void connections.destroy();
    },
  };
}
