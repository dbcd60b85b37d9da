import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { FeedEntry } from "../../../functions/core/events/feed-entry.ts";
import type { EventFeed } from "../../../functions/core/publishing/ports.ts";
import { noon } from "../../support/fake-clock.ts";

export interface OpenEventFeed {
  feed: EventFeed;
  close: () => Promise<void>;
}

function entry(at: number, auditId: string, changes: Partial<FeedEntry> = {}): FeedEntry {
  return { at, auditId, sequence: 1, eventId: `evt_${auditId}_1`, eventName: "audit.closed", ...changes };
}

export function describeEventFeedContract(name: string, open: () => Promise<OpenEventFeed>): void {
  describe(`EventFeed: ${name}`, () => {
    let feed: EventFeed;
    let close: () => Promise<void>;
    beforeEach(async () => {
      ({ feed, close } = await open());
    });
    afterEach(() => close());

    const all = { since: 0, until: noon + 100 };

    test("an issuer's entries come in the order of their times, page by page, each once", async () => {
      const entries = [5, 1, 9, 3, 3].map((after, n) => entry(noon + after, `audit-${n}`));
      for (const each of entries) await feed.append("bank#a", each);
      await feed.append("bank", entry(noon, "foreign"));
      const read: FeedEntry[] = [];
      let isEnd = false;
      while (!isEnd) {
        const page = await feed.read("bank#a", { ...all, after: read.at(-1) }, 2);
        read.push(...page.entries);
        isEnd = page.isEnd;
      }
      expect(read.map(({ auditId }) => auditId)).toEqual(["audit-1", "audit-3", "audit-4", "audit-0", "audit-2"]);
      expect(read[0]).toEqual(entries[1]);
    });

    test("a reader that has come to the end goes on with what is appended later", async () => {
      await feed.append("org", entry(noon, "first"));
      const { entries } = await feed.read("org", all, 10);
      const after = entries.at(-1);
      expect(await feed.read("org", { ...all, after }, 10)).toEqual({ entries: [], isEnd: true });
      await feed.append("org", entry(noon + 1, "second"));
      const later = await feed.read("org", { ...all, after }, 10);
      expect(later.entries.map(({ auditId }) => auditId)).toEqual(["second"]);
    });

    test("a period begins with `since` and ends before `until`", async () => {
      for (const after of [0, 1, 2, 3]) await feed.append("org", entry(noon + after, `audit-${after}`));
      const { entries } = await feed.read("org", { since: noon + 1, until: noon + 3 }, 10);
      expect(entries.map(({ auditId }) => auditId)).toEqual(["audit-1", "audit-2"]);
      expect(await feed.read("org", { since: noon + 3, until: noon + 3 }, 10)).toEqual({ entries: [], isEnd: true });
    });

    test("only some events, and those that are about no audit with their bodies", async () => {
      const disabled = { eventName: "subscription.disabled", body: "{}" } as const;
      await feed.append("org", entry(noon, "audit"));
      await feed.append("org", entry(noon, "subscription", disabled));
      const { entries } = await feed.read("org", { ...all, eventNames: ["subscription.disabled"] }, 10);
      expect(entries).toEqual([entry(noon, "subscription", disabled)]);
    });
  });
}
