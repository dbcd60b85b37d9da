import { exchange, openConnections } from "./http-exchange.ts";

/** AWS answers in milliseconds: what takes this long went to a connection that is no more. */
const deadlineOfAllMs = 10_000;

/** Whatever kept an answer away. The SDK goes by the name: what is called this it may try again. */
class NoAnswer extends Error {
  override readonly name = "TimeoutError";
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
 * HTTP for a client of the AWS SDK whose requests and answers fit into memory and whose paths have no query, as those of
 * the JSON protocols: its `requestHandler`.
 *
 * @throws NoAnswer
 */
export function awsHttp({ deadlineMs = deadlineOfAllMs }: { deadlineMs?: number } = {}) {
  // Idle ones are kept from one minute's run to the next.
  const connections = openConnections({ connections: 50, keepAliveTimeout: 90_000 });
  return {
    async handle({ protocol, hostname, port, path, method, headers, body }: AwsRequest) {
      const sent = { ...headers, "user-agent": "kard-audit-tracker" };
      const origin = `${protocol}//${hostname}${port === undefined ? "" : `:${port}`}`;
      try {
        return {
          response: await exchange(
            connections,
            { origin, path, method, headers: sent, body: body ?? null },
            deadlineMs,
          ),
        };
      } catch (error) {
        throw new NoAnswer(`no answer from ${hostname}: ${error}`, { cause: error });
      }
    },
    destroy() {
      void connections.destroy();
    },
  };
}
