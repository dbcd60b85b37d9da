import { useState } from "preact/hooks";
import { nextPage } from "../../api.ts";
import { Modal } from "../../components/modal.tsx";
import { Problem } from "../../components/parts.tsx";
import { useAction } from "../../components/use-action.ts";
import { counted } from "../../logic/format.ts";
import type { Schemas } from "../../openapi.ts";
import { api } from "../../session.ts";

/** Sends again what a webhook has not received since a day. The count comes first. */
export function Recover({ id, reload }: { id: string; reload: () => Promise<void> }) {
  const [isOpen, setOpen] = useState(false);
  const [since, setSince] = useState(() => new Date(Date.now() - 7 * 86_400_000).toISOString().slice(0, 10));
  const [count, setCount] = useState<number | undefined>(undefined);
  const [sent, setSent] = useState<number | undefined>(undefined);
  const { isRunning, error, run } = useAction();
  const recover = async (dryRun: boolean, progress: (count: number) => void) => {
    let total = 0;
    let after: string | undefined;
    do {
      const { data, links } = await api.value(
        "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/recover",
        {
          path: { subscriptionId: id },
          query: { dryRun: String(dryRun), ...(after !== undefined && { "page[after]": after }) },
          body: { since } as Schemas["Recover"],
        },
      );
      total += data.attributes.notifications;
      progress(total);
      after = nextPage(links);
    } while (after !== undefined);
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
                value={since}
                onInput={(event) => {
                  setSince(event.currentTarget.value);
                  setCount(undefined);
                }}
              />
            </label>
            <p role="status">
              {sent !== undefined
                ? `${counted(sent, "notification")} sent again.`
                : count !== undefined && `${counted(count, "notification")} would be sent again.`}
            </p>
            <Problem message={error} />
            <footer>
              <button type="button" disabled={isRunning} onClick={() => run(() => recover(true, setCount))}>
                Count
              </button>
              <button
                type="button"
                class="primary"
                disabled={isRunning || count === undefined || count === 0 || sent !== undefined}
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
