import { useState } from "preact/hooks";
import { Modal } from "../../components/modal.tsx";
import { Problem } from "../../components/parts.tsx";
import { useAction } from "../../components/use-action.ts";
import type { Schemas } from "../../openapi.ts";
import { api } from "../../session.ts";
import type { NewSecret } from "./show-secret.tsx";

type EventName = NonNullable<Schemas["TestEvent"]["eventName"]>;

const events: Readonly<Record<EventName, string>> = {
  "audit.closed": "Kard has resolved a dispute",
  "audit.rejected": "Kard has refused a dispute",
  "audit.in_progress": "Kard has started to work on a dispute",
  "audit.due_soon": "A dispute is due soon",
  "audit.overdue": "A dispute is overdue",
  "audit.fulfilled": "Kard has done what it promised",
  "audit.unfulfilled": "Kard has not done what it promised",
  "notification.failed": "A delivery to another webhook was given up",
  "subscription.failing": "Another webhook has only failed for hours",
  "subscription.recovered": "Another webhook works again",
  "subscription.disabled": "Another webhook was disabled",
};

interface CreateProps {
  close: () => void;
  done: (secret: NewSecret) => Promise<void>;
}

/** Creates a webhook. */
export function CreateSubscription({ close, done }: CreateProps) {
  const [webhookUrl, setUrl] = useState("");
  const [description, setDescription] = useState("");
  const [chosen, setChosen] = useState<readonly EventName[]>(["audit.closed", "audit.rejected"]);
  const { isRunning, error, run } = useAction();
  const toggle = (name: EventName) =>
    setChosen((before) => (before.includes(name) ? before.filter((other) => other !== name) : [...before, name]));
  const create = (event: Event) => {
    event.preventDefault();
    run(async () => {
      const attributes = {
        ...{ webhookUrl: webhookUrl.trim(), eventNames: [...chosen] },
        ...(description.trim() !== "" && { description: description.trim() }),
      };
      const { data } = await api.value("POST /v2/issuers/{organizationId}/subscriptions", {
        body: { data: [{ type: "subscription", attributes }] } as Schemas["CreateSubscriptions"],
      });
      await done({ text: data[0]?.attributes.secret ?? "", isPublicKey: false });
    });
  };
  return (
    <Modal title="New webhook" close={close}>
      <form onSubmit={create}>
        <label>
          URL of your endpoint
          <input
            type="url"
            required
            placeholder="https://example.com/hooks"
            value={webhookUrl}
            onInput={(event) => setUrl(event.currentTarget.value)}
          />
        </label>
        <label>
          Description
          <input value={description} onInput={(event) => setDescription(event.currentTarget.value)} />
        </label>
        <fieldset>
          <legend>Send an event when …</legend>
          {(Object.entries(events) as [EventName, string][]).map(([name, words]) => (
            <label key={name} class="check">
              <input type="checkbox" checked={chosen.includes(name)} onChange={() => toggle(name)} />
              <span>
                {words} <code class="muted">{name}</code>
              </span>
            </label>
          ))}
        </fieldset>
        <Problem message={error} />
        <footer>
          <button type="button" onClick={close}>
            Cancel
          </button>
          <button type="submit" class="primary" disabled={isRunning || chosen.length === 0}>
            {isRunning ? "Creating …" : "Create"}
          </button>
        </footer>
      </form>
    </Modal>
  );
}
