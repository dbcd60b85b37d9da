import { expect, test } from "@jest/globals";
import { channelPerTask, type WorkerChannel } from "./worker-channel.ts";

/** A channel as jest-light-runner makes it: an answer goes to all listeners, which are then removed. */
function sharedChannel(): WorkerChannel {
  const listeners = new Set<(message: unknown) => void>();
  return {
    onMessage: (listener) => void listeners.add(listener),
    postMessage(message) {
      for (const listener of listeners) listener(`answer to ${message}`);
      listeners.clear();
    },
  };
}

test("each worker gets the answer to its own question only", () => {
  const shared = sharedChannel();
  const received: string[][] = [[], []];
  const channels = received.map((messages) => {
    const channel = channelPerTask(shared);
    channel.onMessage((message) => messages.push(String(message)));
    return channel;
  });
  channels[0]?.postMessage("first");
  expect(received).toEqual([["answer to first"], []]);
  channels[1]?.postMessage("second");
  expect(received).toEqual([["answer to first"], ["answer to second"]]);
});
