import { useState } from "preact/hooks";
import { nextPage } from "../../api.ts";
import { Modal } from "../../components/modal.tsx";
import { Problem } from "../../components/parts.tsx";
import { useAction } from "../../components/use-action.ts";
import { counted } from "../../logic/format.ts";
import type { Schemas } from "../../openapi.ts";
import { api } from "../../session.ts";

/** What was sent so far. */
interface Sent {
  notifications: number;
  failed: number;
  skipped: number;
  isComplete: boolean;
}

/** Sends the notifications that a webhook has not received since a given day. It shows their number first. */
export function Recover({ id, reload }: { id: string; reload: () => Promise<void> }) {
  const [isOpen, setOpen] = useState(false);
  const [since, setSince] = useState(() => new Date(Date.now() - 7 * 86_400_000).toISOString().slice(0, 10));
  const [count, setCount] = useState<number | undefined>(undefined);
  const [sent, setSent] = useState<Sent | undefined>(undefined);
  const { isRunning, error, run } = useAction();
  const recover = async (dryRun: boolean, progress: (sent: Sent) => void) => {
    // The issuer and the credential of now: the reader may change them while it runs.
    const call = api.value;
    const total = { notifications: 0, failed: 0, skipped: 0 };
    let after: string | undefined;
    do {
      const { data, links } = await call("POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/recover", {
        path: { subscriptionId: id },
        query: { dryRun: String(dryRun), ...(after !== undefined && { "page[after]": after }) },
        body: { since } as Schemas["Recover"],
      });
      total.notifications += data.attributes.notifications;
      total.failed += data.attributes.failed ?? 0;
      total.skipped += data.attributes.skipped ?? 0;
      after = nextPage(links);
      progress({ ...total, isComplete: after === undefined });
    } while (after !== undefined);
  };
  const countAgain = () => {
    setSent(undefined);
    run(() => recover(true, ({ notifications }) => setCount(notifications)));
  };
  const close = () => {
    setOpen(false);
    setCount(undefined);
    setSent(undefined);
  };
  return (
    <>
      <button type="button" onClick={() => setOpen(true)}>
        Recover
      </button>
      {isOpen && (
        <Modal title="Send again what did not arrive" close={close}>
          <form onSubmit={(event) => event.preventDefault()}>
            <label>
              Events since (UTC)
              <input
                type="date"
                required
                disabled={isRunning}
                value={since}
                onInput={(event) => {
                  setSince(event.currentTarget.value);
                  setCount(undefined);
                  setSent(undefined);
                }}
              />
            </label>
            <p role="status">
              {sent !== undefined
                ? `${counted(sent.notifications, "notification")} sent again${sent.failed > 0 ? `, ${sent.failed} failed` : ""}${sent.skipped > 0 ? `, ${sent.skipped} expired` : ""}.`
                : count !== undefined && `${counted(count, "notification")} would be sent again.`}
            </p>
            <Problem message={error} />
            <footer>
              <button type="button" disabled={isRunning} onClick={countAgain}>
                Count
              </button>
              <button
                type="button"
                class="primary"
                disabled={isRunning || count === undefined || count === 0 || sent?.isComplete === true}
                onClick={() =>
                  run(async () => {
                    await recover(false, setSent);
                    await reload();
                  })
                }
              >
                {isRunning ? "Working …" : "Send again"}
              </button>
            </footer>
          </form>
        </Modal>
      )}
    </>
  );
}
