import { signal as signalOf } from "@preact/signals";
import { useCallback, useEffect, useRef, useState } from "preact/hooks";

export interface Loaded<Data> {
  /** The last data that the server has sent. It stays while newer data is loaded. */
  data: Data | undefined;
  error: string | undefined;
  isLoading: boolean;
  reload: () => Promise<void>;
}

/** How often the reader has asked to refresh what is shown. */
export const refreshes = signalOf(0);

/**
 * Loads data when a view opens, whenever `key` changes, and when the reader asks to refresh. A result that arrives
 * after the key has changed is dropped.
 *
 * @param load reads from the API; `signal` aborts when its result is no longer needed
 */
export function useLoad<Data>(key: string, load: (signal: AbortSignal) => Promise<Data>): Loaded<Data> {
  const [state, setState] = useState<{ key: string; data?: Data; error?: string; isLoading: boolean }>({
    key,
    isLoading: true,
  });
  const current = useRef<AbortController | undefined>(undefined);
  const latest = useRef(load);
  latest.current = load;

  const reload = useCallback(async () => {
    current.current?.abort();
    const controller = new AbortController();
    current.current = controller;
    setState((before) => ({
      ...(before.key === key && before.data !== undefined && { data: before.data }),
      key,
      isLoading: true,
    }));
    try {
      const data = await latest.current(controller.signal);
      if (!controller.signal.aborted) setState({ key, data, isLoading: false });
    } catch (error) {
      if (!controller.signal.aborted) setState((before) => ({ ...before, error: messageOf(error), isLoading: false }));
    }
  }, [key]);

  const round = refreshes.value;
  useEffect(() => {
    reload();
    return () => current.current?.abort();
  }, [reload, round]);

  const isCurrent = state.key === key;
  return {
    data: isCurrent ? state.data : undefined,
    error: isCurrent ? state.error : undefined,
    isLoading: !isCurrent || state.isLoading,
    reload,
  };
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
