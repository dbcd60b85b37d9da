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
export class DeadlinePassed extends Error {
  constructor(deadlineMs: number) {
    super(`no answer in ${deadlineMs} ms`);
  }
}

/** An answer began and did not end: `answer` is what came of it, `cause` is why no more did. */
export class AnswerBrokeOff extends Error {
  readonly answer: HttpAnswer;

  constructor(answer: HttpAnswer, cause: unknown) {
    super(`the answer broke off: ${cause}`, { cause });
    this.answer = answer;
  }
}

export interface ExchangeOptions {
  /** Ends it before its deadline. */
  signal?: AbortSignal | undefined;
  /** Statuses whose body does not matter: it is read for half a second at most, and need not end. */
  isBodyOptional?: (statusCode: number) => boolean;
}

/**
 * How long the rest of an optional body is waited for, in milliseconds: a connection is used again if its answer
 * ended.
 */
const optionalBodyMs = 500;

/**
 * Makes one HTTP exchange, the answer's whole body included, within a deadline: undici's own timeouts begin anew with
 * every chunk of a body that drips. It uses undici's `dispatch`, because the streams and signals of `request` cost as
 * much again as the exchange itself.
 *
 * @throws DeadlinePassed, the signal's reason, and undici's errors for what the network does; as the cause of
 *   AnswerBrokeOff once the answer has begun
 */
export function exchange(
  dispatcher: Dispatcher,
  request: Dispatcher.DispatchOptions,
  deadlineMs: number,
  { signal, isBodyOptional = () => false }: ExchangeOptions = {},
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    let controller: Dispatcher.DispatchController | undefined;
    let givenUp: Error | undefined;
    let bodyTimer: NodeJS.Timeout | undefined;
    const head: Omit<HttpAnswer, "body"> = { statusCode: 0, headers: {} };
    const chunks: Buffer[] = [];
    const answer = (): HttpAnswer => ({
      ...head,
      body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks),
    });
    // An error thrown by a handler, timer or listener ends the process: those below only settle the promise, and abort.
    const fail = (reason: unknown) => {
      stopWaiting();
      // Before 200 it is an interim answer (RFC 9110, 15.2).
      if (head.statusCode < 200) reject(reason);
      else if (isBodyOptional(head.statusCode)) resolve(answer());
      else reject(new AnswerBrokeOff(answer(), reason));
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
        // It waited for a connection for too long.
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
        resolve(answer());
      },
      onResponseError(_, error) {
        fail(error);
      },
    });
  });
}
