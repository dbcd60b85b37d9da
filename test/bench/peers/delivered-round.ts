/** Both sides have as many threads and POSTs at once: an environment handles a batch of ten. */
export const deliveringThreads = 2;
export const postsAtOnce = 10;

/** What a side took for all webhooks of a round. */
export interface DeliveredRound {
  ms: number;
  /** The time of each webhook, from the start of its delivery to its stored outcome. */
  eachMs: number[];
}
