import type { IncomingHttpHeaders } from "node:http";
import { Agent, type Dispatcher } from "undici";

export interface HttpAnswer {
  statusCode: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/**
 * Connections to make exchanges over. They speak HTTP/1.1, where undici would take HTTP/2 from every server that offers
 * it; and undici's own timeouts are off, as each exchange has a deadline.
 */
export function openConnections(options: Agent.Options): Agent {
  return new Agent({ ...options, allowH2: false, headersTimeout: 0, bodyTimeout: 0 });
}

/** The answer was not there in time; whether the request was seen is not known. */
export class DeadlinePassed extends Error {}

/**
 * Makes one HTTP exchange, its answer's whole body included, in at most `deadlineMs`: undici's own timeouts begin anew
 * with every chunk of a body that drips. It takes undici's `dispatch`, because the streams and signals of `request` cost
 * as much again as the exchange itself.
 *
 * @throws DeadlinePassed, and undici's errors for what the network does
 */
export function exchange(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  deadlineMs: number,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    let controller: Dispatcher.DispatchController | undefined;
    let late: DeadlinePassed | undefined;
    const answer: Omit<HttpAnswer, "body"> = { statusCode: 0, headers: {} };
    const chunks: Buffer[] = [];
    const timer = setTimeout(() => {
      late = new DeadlinePassed();
      controller?.abort(late);
      reject(late);
    }, deadlineMs);

    dispatcher.dispatch(request, {
      onRequestStart(started) {
        controller = started;
        // It waited for a connection for too long.
        if (late !== undefined) controller.abort(late);
      },
      onResponseStart(_, statusCode, headers) {
        answer.statusCode = statusCode;
        answer.headers = headers;
      },
      onResponseData(_, chunk) {
        chunks.push(chunk);
      },
      onResponseEnd() {
        clearTimeout(timer);
        resolve({ ...answer, body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks) });
      },
      onResponseError(_, error) {
        clearTimeout(timer);
        reject(error);
      },
    });
  });
}
