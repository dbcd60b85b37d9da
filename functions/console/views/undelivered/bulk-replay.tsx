import { useEffect, useRef, useState } from "preact/hooks";
import { counted } from "../../logic/format.ts";
import { api } from "../../session.ts";

/** So many notifications are replayed at the same time. */
const concurrency = 5;

interface BulkReplayProps {
  ids: readonly string[];
  /** Whether these are all that are shown. */
  isAll: boolean;
  done: () => Promise<void>;
}

/** Sends notifications again, with progress. Those that fail stay in the list. */
export function BulkReplay({ ids, isAll, done }: BulkReplayProps) {
  const [progress, setProgress] = useState<{ of: number; sent: number; failed: number } | undefined>(undefined);
  const [isRunning, setRunning] = useState(false);
  const isLeft = useRef(false);
  useEffect(
    () => () => {
      isLeft.current = true;
    },
    [],
  );
  const replay = async () => {
    setRunning(true);
    // The issuer and the credential of now: the reader may change them while it runs.
    const call = api.value;
    const queue = [...ids];
    const counts = { of: ids.length, sent: 0, failed: 0 };
    const work = async () => {
      for (let id = queue.shift(); id !== undefined && !isLeft.current; id = queue.shift()) {
        const path = { notificationId: id };
        const route = "POST /v2/issuers/{organizationId}/notifications/{notificationId}/replay";
        await call(route, { path }).then(
          () => counts.sent++,
          () => counts.failed++,
        );
        setProgress({ ...counts });
      }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
    if (isLeft.current) return;
    setRunning(false);
    await done();
  };
  return (
    <div class="actions">
      {progress !== undefined && (
        <span role="status">
          {progress.sent} of {counted(progress.of, "notification")} sent again
          {progress.failed > 0 && `, ${progress.failed} failed`}
          {isRunning && (
            <progress max={progress.of} value={progress.sent + progress.failed} aria-label="Sending again" />
          )}
        </span>
      )}
      <button type="button" class="primary" disabled={isRunning} onClick={replay}>
        {isRunning ? "Sending …" : `Send ${isAll ? "all " : ""}${ids.length} again`}
      </button>
    </div>
  );
}
