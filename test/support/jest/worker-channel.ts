/** How a pool and the processes of its workers exchange messages besides tasks. */
export interface WorkerChannel {
  /** Adds a listener that sends messages to a worker. */
  onMessage(listener: (message: unknown) => void): void;
  /** Handles a message of a worker. The listeners at that time get the answer, and are removed. */
  postMessage(message: unknown): void;
}

/** A channel for one task. Its worker is a listener of the shared channel only while it is answered. */
export function channelPerTask(shared: WorkerChannel): WorkerChannel {
  let send: (message: unknown) => void = () => undefined;
  return {
    onMessage(listener) {
      send = listener;
    },
    postMessage(message) {
      shared.onMessage(send);
      shared.postMessage(message);
    },
  };
}
