import type { EventName } from "../../functions/core/events/events.ts";
import { checkFeed, streamEvents } from "../api/events.ts";
import { interruptible } from "../interruption.ts";
import type { Terminal } from "../output/terminal.ts";
import { eventLine } from "./event-line.ts";
import { forwardEvent, type Receiver, signatureAdvice } from "./forward-event.ts";

/** After the first response, a listener waits for the tracker for as long as it takes. */
const patient = { maxTries: Number.POSITIVE_INFINITY, maxPauseMs: 30_000 };

export interface ListenTo {
  /** ISO 8601. */
  since: string;
  eventNames: readonly EventName[] | undefined;
  everyMs: number;
}

/**
 * Prints an issuer's events as they happen, and forwards each to a receiver, one after the other. Ends on a signal.
 *
 * @param receiver absent: events are only printed
 * @returns the exit code of the interrupted program
 * @throws Failure if the tracker refuses the key, or cannot be reached at the beginning
 */
export async function listen(
  { api: connect, note, printLine }: Pick<Terminal, "api" | "note" | "printLine">,
  receiver: Receiver | undefined,
  { since, eventNames, everyMs }: ListenTo,
): Promise<number | undefined> {
  await checkFeed(connect());
  let isCutOff = false;
  let isAdvised = false;
  const onPage = () => {
    if (isCutOff) note("connected again");
    isCutOff = false;
  };
  const api = connect({
    ...patient,
    onRetry(reason, pauseMs) {
      isCutOff = true;
      note(`the tracker does not answer: ${reason}; next try in ${Math.ceil(pauseMs / 1_000)} s`);
    },
  });
  const { interruptedCode } = await interruptible(note, async (stop) => {
    try {
      for await (const { id, attributes } of streamEvents(api, { since, eventNames, everyMs, stop, onPage })) {
        const forwarded = receiver && (await forwardEvent(receiver, { id, body: attributes.body }));
        printLine({ id, ...attributes, forwarded }, eventLine(attributes, forwarded));
        const advice = forwarded && signatureAdvice(forwarded);
        if (advice !== undefined && !isAdvised) note(advice);
        isAdvised ||= advice !== undefined;
      }
    } catch (error) {
      // A request that was interrupted between two tries.
      if (!stop.aborted) throw error;
    }
  });
  return interruptedCode;
}
