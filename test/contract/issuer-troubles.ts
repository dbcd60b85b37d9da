import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { IssuerTrouble, IssuerTroubles } from "../../functions/core/tracking/ports.ts";
import { noon } from "../support/fake-clock.ts";

export interface OpenIssuerTroubles {
  troubles: IssuerTroubles;
  close: () => Promise<void>;
}

const refused: IssuerTrouble = { organizationId: "bank#a", reason: "unauthorized", since: noon, pausedUntil: noon };

export function describeIssuerTroublesContract(name: string, open: () => Promise<OpenIssuerTroubles>): void {
  describe(`IssuerTroubles: ${name}`, () => {
    let troubles: IssuerTroubles;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ troubles, close } = await open());
    });
    afterEach(() => close());

    test("those that were recorded are listed, one an issuer", async () => {
      expect(await troubles.list()).toEqual([]);
      await troubles.record(refused);
      await troubles.record({ ...refused, organizationId: "bank", reason: "hanging" });
      const listed = await troubles.list();
      expect(listed).toHaveLength(2);
      expect(listed).toContainEqual(refused);
      expect(listed).toContainEqual({ ...refused, organizationId: "bank", reason: "hanging" });
    });

    test("a trouble that changes began when it began", async () => {
      await troubles.record(refused);
      await troubles.record({ ...refused, reason: "throttled", since: noon + 5, pausedUntil: noon + 99 });
      expect(await troubles.list()).toEqual([{ ...refused, reason: "throttled", pausedUntil: noon + 99 }]);
    });

    test("a longer pause that another poller has recorded stands", async () => {
      await troubles.record({ ...refused, reason: "throttled", pausedUntil: noon + 99 });
      await troubles.record({ ...refused, pausedUntil: noon + 98 });
      expect(await troubles.list()).toEqual([{ ...refused, reason: "throttled", pausedUntil: noon + 99 }]);
    });

    test("a trouble is over for whoever has seen it as it stands", async () => {
      await troubles.record(refused);
      await troubles.clear(refused);
      expect(await troubles.list()).toEqual([]);
      await troubles.clear(refused);
      expect(await troubles.list()).toEqual([]);
    });

    test("a trouble that was recorded anew since it was seen is not over", async () => {
      await troubles.record(refused);
      const paused = { ...refused, reason: "throttled" as const, pausedUntil: noon + 99 };
      await troubles.record(paused);
      await troubles.clear(refused);
      expect(await troubles.list()).toEqual([paused]);
    });
  });
}
