import { useState } from "preact/hooks";
import { Badge, Fact, Problem, Time } from "../../components/parts.tsx";
import { type Action, useAction } from "../../components/use-action.ts";
import { WhenSeen } from "../../components/when-seen.tsx";
import type { Tone } from "../../logic/audit-words.ts";
import type { Schemas } from "../../openapi.ts";
import { api, may } from "../../session.ts";
import { addressOf } from "../subscription-names.ts";
import { Recover } from "./recover.tsx";
import type { NewSecret } from "./show-secret.tsx";
import { SubscriptionHealth } from "./subscription-health.tsx";
import { TestResult } from "./test-result.tsx";

interface CardProps {
  subscription: Schemas["Subscription"];
  reload: () => Promise<void>;
  showSecret: (secret: NewSecret) => void;
}

const targetWords = { sqs: "SQS queue", eventbridge: "EventBridge bus" };

/** One webhook, queue or event bus. */
export function SubscriptionCard({ subscription, reload, showSecret }: CardProps) {
  const { target, description, eventNames, eventName, createdAt, failingSince, disabledAt } = subscription.attributes;
  const address = addressOf(subscription.attributes);
  const [version, setVersion] = useState(0);
  const action = useAction();
  const [test, setTest] = useState<Schemas["Test"] | undefined>(undefined);
  const health = healthOf(subscription);
  const reloadAll = async () => {
    await reload();
    setVersion((before) => before + 1);
  };
  return (
    <section class="card" aria-label={address}>
      <div class="row-heading">
        <div>
          <h2 dir="auto">{description ?? (target === undefined ? "Webhook" : targetWords[target.type])}</h2>
          <span class="muted free-text" dir="auto">
            {address}
          </span>
        </div>
        <Badge tone={health.tone}>{health.words}</Badge>
      </div>
      <dl class="facts across">
        <Fact name="Events">{(eventNames ?? [eventName]).join(", ")}</Fact>
        {failingSince !== undefined && (
          <Fact name="Failing since">
            <Time at={failingSince} short />
          </Fact>
        )}
        {disabledAt !== undefined && (
          <Fact name="Disabled">
            <Time at={disabledAt} short />
          </Fact>
        )}
        <Fact name="Created">
          <Time at={createdAt} short />
        </Fact>
      </dl>
      <WhenSeen>
        <SubscriptionHealth id={subscription.id} version={version} />
      </WhenSeen>
      {may("notifications:write") && (
        <Buttons
          subscription={subscription}
          action={action}
          reload={reloadAll}
          showSecret={showSecret}
          setTest={setTest}
        />
      )}
      <Problem message={action.error} />
      {test !== undefined && <TestResult test={test} />}
    </section>
  );
}

function healthOf({ attributes }: Schemas["Subscription"]): { words: string; tone: Tone } {
  const { enabled, disabledReason, failingSince } = attributes;
  if (enabled)
    return failingSince === undefined ? { words: "Enabled", tone: "good" } : { words: "Failing", tone: "warn" };
  if (disabledReason === "gone") return { words: "Disabled: it answered 410", tone: "bad" };
  if (disabledReason === "failing") return { words: "Disabled: it only failed", tone: "bad" };
  if (disabledReason === undefined || disabledReason === "by-owner")
    return { words: "Disabled by you", tone: "neutral" };
  return { words: `Disabled: ${disabledReason}`, tone: "bad" };
}

interface ButtonsProps extends Pick<CardProps, "subscription" | "reload" | "showSecret"> {
  action: Action;
  setTest: (test: Schemas["Test"]) => void;
}

function Buttons({ subscription, action, reload, showSecret, setTest }: ButtonsProps) {
  const { enabled } = subscription.attributes;
  const path = { subscriptionId: subscription.id };
  const { isRunning, run } = action;
  const ping = () =>
    run(async () => {
      const route = "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/test";
      setTest((await api.value(route, { path })).data);
    });
  const switchTo = (to: boolean) =>
    run(async () => {
      const body = { data: { type: "subscription", attributes: { enabled: to } } } as const;
      await api.value("PATCH /v2/issuers/{organizationId}/subscriptions/{subscriptionId}", { path, body });
      await reload();
    });
  const rotate = () =>
    run(async () => {
      if (!confirm("Make a new secret? The old one signs for another day, so you can change your receiver.")) return;
      const route = "POST /v2/issuers/{organizationId}/subscriptions/{subscriptionId}/rotate-secret";
      const { secret, webhookKey, publicKey = "" } = (await api.value(route, { path })).data.attributes;
      const text = secret ?? webhookKey;
      showSecret({ text: text ?? publicKey, isPublicKey: text === undefined });
    });
  const remove = () =>
    run(async () => {
      if (!confirm("Delete this webhook? What it has not received is never sent.")) return;
      await api.value("DELETE /v2/issuers/{organizationId}/subscriptions/{subscriptionId}", { path });
      await reload();
    });
  return (
    <div class="actions">
      <button type="button" disabled={isRunning} onClick={ping}>
        Send a test
      </button>
      <Recover id={subscription.id} reload={reload} />
      <button type="button" disabled={isRunning} onClick={() => switchTo(!enabled)}>
        {enabled ? "Disable" : "Enable"}
      </button>
      <button type="button" disabled={isRunning} onClick={rotate}>
        Rotate secret
      </button>
      <button type="button" class="danger" disabled={isRunning} onClick={remove}>
        Delete
      </button>
    </div>
  );
}
