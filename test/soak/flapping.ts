import { setTimeout as sleep } from "node:timers/promises";
import type { SandboxSettingsInput } from "../../infra/local/kard-sandbox/state/settings.ts";
import type { LocalOutputs } from "../../infra/local/local-tracker.ts";
import { configureKard } from "../chaos/world/through-the-api.ts";
import type { WebhookReceiver } from "../e2e/support/webhooks/webhook-receiver.ts";

interface Phase {
  seconds: number;
  turn: () => Promise<void> | void;
  /** The phase lasts until this holds, too. */
  hasShown?: () => boolean;
}

/** Kard closes an audit more than five seconds after its start, because a second push within five seconds waits. */
const up: SandboxSettingsInput = { latencyMs: 20, autoProgress: { startAfterMs: 1_000, closeAfterMs: 8_000 } };

/**
 * Rounds of phases last one, two or four times their normal duration, so some are longer than the retry delays.
 */
const stretches = [1, 2, 4];

/**
 * Makes Kard flap until stopped: up, down, up, throttling, up, losing connections and responses. Leaves it up.
 */
export function flapKard(outputs: LocalOutputs): Promise<{ stop: () => Promise<void> }> {
  const turned = (seconds: number, settings: SandboxSettingsInput): Phase => ({
    seconds,
    turn: () => configureKard(outputs, { ...up, ...settings }),
  });
  return flap([
    turned(3, {}),
    turned(2, { outage: true }),
    turned(3, {}),
    turned(2, { status429: 1, retryAfterSeconds: 1 }),
    turned(3, {}),
    turned(2, { dropConnection: 0.3, dropAfterEffect: 0.3 }),
  ]);
}

/** Makes a subscriber alternate between up and 503 until stopped; it refuses at least one webhook. Leaves it up. */
export function flapSubscriber(receiver: WebhookReceiver): Promise<{ stop: () => Promise<void> }> {
  const hasShown = () => receiver.received.some(({ answered }) => answered >= 300);
  return flap([
    { seconds: 5, turn: () => receiver.respondWith(204) },
    { seconds: 2, turn: () => receiver.respondWith(503), hasShown },
  ]);
}

/** Cycles through the phases. Stopping restores the first. */
async function flap(phases: readonly [Phase, ...Phase[]]): Promise<{ stop: () => Promise<void> }> {
  const stopping = new AbortController();
  const flapping = async () => {
    for (let round = 0; ; round++) {
      const stretch = stretches[round % stretches.length] ?? 1;
      for (const { seconds, turn, hasShown = () => true } of phases) {
        await turn();
        await sleep(seconds * stretch * 1_000, undefined, { signal: stopping.signal });
        while (!hasShown()) await sleep(100, undefined, { signal: stopping.signal });
      }
    }
  };
  await phases[0].turn();
  const stopped = flapping().catch((error: unknown) => {
    if (!stopping.signal.aborted) throw error;
  });
  return {
    async stop() {
      stopping.abort();
      await stopped;
      await phases[0].turn();
    },
  };
}
