import { pollerWorld } from "../../support/polling/poller-world.ts";
import { day, minute } from "./failing-kard.ts";

export const followUpAfterMs = 30 * day;

/** A world in which Kard has closed an audit with this code, and the poller has seen it. */
export async function closedWith(code: number, given: Parameters<typeof pollerWorld>[0] = { followUpAfterMs }) {
  const world = pollerWorld(given);
  await world.accept("a1", 5 * minute);
  world.kard.close("a1", code);
  await world.cleanTick();
  world.wait();
  return world;
}
