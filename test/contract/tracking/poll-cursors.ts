import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { PollCursors } from "../../../functions/core/tracking/ports.ts";
import { noon } from "../../support/fake-clock.ts";

export interface OpenPollCursors {
  cursors: PollCursors;
  close: () => Promise<void>;
}

const of = { organizationId: "bank#a", shard: 3 };

export function describePollCursorsContract(name: string, open: () => Promise<OpenPollCursors>): void {
  describe(`PollCursors: ${name}`, () => {
    let cursors: PollCursors;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ cursors, close } = await open());
    });
    afterEach(() => close());

    test("an issuer's shard has no cursors before the first save", async () => {
      expect(await cursors.read(of)).toEqual({});
    });

    test("cursors are read as they were last saved, per issuer and shard", async () => {
      const position = { organizationId: "bank#a", auditId: "x", laneAt: 3 };
      const saved = { band: { since: noon - 5, until: noon, position }, other: { since: undefined, until: noon } };
      expect(await cursors.save(of, 1, saved)).toBe("done");
      expect(await cursors.read(of)).toEqual({
        band: { since: noon - 5, until: noon, position },
        other: { until: noon },
      });
      expect(await cursors.read({ ...of, shard: 4 })).toEqual({});
      expect(await cursors.read({ organizationId: "bank", shard: 3 })).toEqual({});
      expect(await cursors.save(of, 1, { band: { since: noon } })).toBe("done");
      expect(await cursors.read(of)).toEqual({ band: { since: noon } });
    });

    test("saving under an earlier lease is stale once a later one has saved", async () => {
      expect(await cursors.save(of, 7, { band: { since: 1 } })).toBe("done");
      expect(await cursors.save(of, 8, { band: { since: 2 } })).toBe("done");
      expect(await cursors.save(of, 7, { band: { since: 3 } })).toBe("stale");
      expect(await cursors.read(of)).toEqual({ band: { since: 2 } });
    });
  });
}
