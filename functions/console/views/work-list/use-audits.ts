import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { nextPage } from "../../api.ts";
import { messageOf, refreshes } from "../../components/use-load.ts";
import type { AuditPage, Position, Why } from "../../logic/audit-page.ts";
import type { Audit } from "../../logic/audit-words.ts";
import { type ListView, parametersOf } from "../../logic/list-query.ts";
import { loadAudits } from "../../logic/load-audits.ts";
import { api, may } from "../../session.ts";

export interface AuditList {
  audits: readonly Audit[];
  why: Why;
  /** Whether all audits of the view are loaded. */
  isComplete: boolean;
  /** Whether more audits can be loaded. */
  hasMore: boolean;
  /** Whether a source had more audits than this view reads. */
  isCut: boolean;
  isLoading: boolean;
  error: string | undefined;
  /** The time by which ages are shown, in epoch milliseconds. */
  now: number;
  loadMore: () => Promise<void>;
  /** Loads the rest, up to 10,000 audits; `undefined` if that failed or the view was left. */
  loadAll: () => Promise<{ audits: readonly Audit[]; isCut: boolean } | undefined>;
  reload: () => void;
}

interface State extends Pick<AuditPage, "audits" | "next" | "why" | "isCut"> {
  isStarted: boolean;
  error: string | undefined;
}

const start: State = { audits: [], next: undefined, why: new Map(), isCut: false, isStarted: false, error: undefined };
/** So many audits are loaded without scrolling, so that the sums of most views are complete. */
const eager = 1_000;
const maxLoaded = 10_000;

/** The audits of a work list, page by page. */
export function useAudits(view: ListView): AuditList {
  const key = parametersOf(view).toString();
  const [state, setState] = useState<State & { key: string }>({ ...start, key });
  const [now, setNow] = useState(Date.now);
  const round = refreshes.value;
  const latest = useRef(state);
  const running = useRef<Promise<void> | undefined>(undefined);
  const controller = useRef(new AbortController());

  const set = useCallback((next: State & { key: string }) => {
    latest.current = next;
    setState(next);
  }, []);

  const loadPage = useCallback(
    async (from: Position | undefined, at: number) => {
      const { signal } = controller.current;
      const readsNotifications = may("notifications:read");
      try {
        const input = { call: api.value, view, now: at, from, signal, nextPage, readsNotifications };
        const page = await loadAudits(input);
        if (signal.aborted) return;
        const { audits, why, isCut } = from === undefined ? start : latest.current;
        // An audit that changes while pages are read can be on two of them.
        const known = new Set(audits.map(({ id }) => id));
        set({
          ...{ key, isStarted: true, error: undefined, next: page.next, isCut: isCut || page.isCut },
          audits: [...audits, ...page.audits.filter(({ id }) => !known.has(id))],
          why: new Map([...why, ...page.why]),
        });
      } catch (error) {
        if (!signal.aborted) set({ ...latest.current, key, isStarted: true, error: messageOf(error) });
      }
    },
    [key, set],
  );

  useEffect(() => {
    controller.current = new AbortController();
    const at = Date.now();
    setNow(at);
    set({ ...start, key });
    running.current = loadPage(undefined, at).then(() => {
      running.current = undefined;
    });
    return () => controller.current.abort();
  }, [key, round, loadPage, set]);

  const loadMore = useCallback(async () => {
    if (running.current !== undefined) return running.current;
    const { next, error } = latest.current;
    if (next === undefined || error !== undefined) return;
    running.current = loadPage(next, now).then(() => {
      running.current = undefined;
    });
    return running.current;
  }, [loadPage, now]);

  const isCurrent = state.key === key;
  const { audits, next, why, isCut, isStarted, error } = isCurrent ? state : { ...start };

  useEffect(() => {
    if (next !== undefined && audits.length < eager) loadMore();
  }, [next, audits, loadMore]);

  return {
    ...{ audits, why, isCut, error, now, loadMore },
    hasMore: next !== undefined,
    isComplete: isStarted && next === undefined && !isCut,
    isLoading: !isStarted,
    async loadAll() {
      const { signal } = controller.current;
      const isOver = () => signal.aborted || latest.current.error !== undefined;
      while (!isOver() && latest.current.next !== undefined && latest.current.audits.length < maxLoaded)
        await loadMore();
      const { audits: loaded, next: rest, isCut: wasCut } = latest.current;
      return isOver() ? undefined : { audits: loaded, isCut: wasCut || rest !== undefined };
    },
    reload: () => refreshes.value++,
  };
}
