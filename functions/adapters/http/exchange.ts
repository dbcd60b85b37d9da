import type { IncomingHttpHeaders } from "node:http";
import type { Dispatcher } from "undici";
// Only the part of undici that is used: all of it is 270 KB more in each bundle.
import Agent from "undici/lib/dispatcher/agent.js";

export interface HttpResponse {
  statusCode: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/**
 * Opens a pool of HTTP/1.1 connections; undici would use HTTP/2 where a server offers it. Its own timeouts are off,
 * because each exchange has a deadline.
 */
export function openConnections(options: Agent.Options): Agent {
  return new Agent({ ...options, allowH2: false, headersTimeout: 0, bodyTimeout: 0 });
}

/** The response was not complete in time. The server may have seen the request. */
export class DeadlinePassed extends Error {
  constructor(deadlineMs: number) {
    super(`no response in ${deadlineMs} ms`);
  }
}

/** The response began and broke off. `response` is the received part, `cause` the reason. */
export class ResponseBrokeOff extends Error {
  readonly response: HttpResponse;

  constructor(response: HttpResponse, cause: unknown) {
    super(`the response broke off: ${cause}`, { cause });
    this.response = response;
  }
}

export interface ExchangeOptions {
  /** Aborts the exchange before its deadline. */
  signal?: AbortSignal | undefined;
  /** Statuses with an optional body: it is read for half a second at most and need not be complete. */
  isBodyOptional?: (statusCode: number) => boolean;
}

/**
 * How long an optional body is awaited, in milliseconds. A connection can be reused only if its response is complete.
 */
const optionalBodyMs = 500;

/**
 * Makes one HTTP exchange, including the whole body, within a deadline. undici's own timeouts restart with every chunk
 * of a slow body. It uses undici's `dispatch`, because the streams and signals of `request` double the cost.
 *
 * @throws DeadlinePassed, the signal's reason, or undici's network errors; once the response has begun,
 *   ResponseBrokeOff with one of these as its cause
 */
export function exchange(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  deadlineMs: number,
  { signal, isBodyOptional = () => false }: ExchangeOptions = {},
): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    let controller: Dispatcher.DispatchController | undefined;
    let givenUp: Error | undefined;
    let bodyTimer: NodeJS.Timeout | undefined;
    const head: Omit<HttpResponse, "body"> = { statusCode: 0, headers: {} };
    const chunks: Buffer[] = [];
    const response = (): HttpResponse => ({
      ...head,
      body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks),
    });
    // An error thrown in a handler, timer or listener would end the process. These only settle the promise and abort.
    const fail = (reason: unknown) => {
      stopWaiting();
      // A status below 200 is an interim response (RFC 9110, 15.2).
      if (head.statusCode < 200) reject(reason);
      else if (isBodyOptional(head.statusCode)) resolve(response());
      else reject(new ResponseBrokeOff(response(), reason));
    };
    const giveUp = (reason: Error) => {
      givenUp = reason;
      fail(reason);
      controller?.abort(reason);
    };
    const timer = setTimeout(() => giveUp(new DeadlinePassed(deadlineMs)), deadlineMs);
    const onAbort = () => giveUp(signal?.reason);
    signal?.addEventListener("abort", onAbort);
    const stopWaiting = () => {
      clearTimeout(timer);
      clearTimeout(bodyTimer);
      signal?.removeEventListener("abort", onAbort);
    };

    dispatcher.dispatch(request, {
      onRequestStart(started) {
        controller = started;
        // It waited too long for a connection.
        if (givenUp !== undefined) controller.abort(givenUp);
      },
      onResponseStart(_, statusCode, headers) {
        head.statusCode = statusCode;
        head.headers = headers;
        if (!isBodyOptional(statusCode)) return;
        bodyTimer = setTimeout(() => giveUp(new DeadlinePassed(optionalBodyMs)), optionalBodyMs);
      },
      onResponseData(_, chunk) {
        chunks.push(chunk);
      },
      onResponseEnd() {
        stopWaiting();
        resolve(response());
      },
      onResponseError(_, error) {
        fail(error);
      },
    });
  });
}
