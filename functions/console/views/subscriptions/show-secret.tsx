import { Modal } from "../../components/modal.tsx";
import { CopyButton } from "../../components/parts.tsx";

export interface NewSecret {
  /** The secret, or the public key of a subscription that signs with a key pair. */
  text: string;
  isPublicKey: boolean;
}

const snippet = `import { Webhook } from "standardwebhooks";

// Express: app.post("/hooks", express.raw({ type: "*/*" }), handler)
const webhook = new Webhook(process.env.WEBHOOK_SECRET);
export function handler(request, response) {
  const event = webhook.verify(request.body, request.headers);
  response.sendStatus(204);
  // Then handle the event. Its id is the same for every delivery.
}`;

/** Shows a signing secret, for the only time, and how to verify webhooks with it. */
export function ShowSecret({ secret, close }: { secret: NewSecret; close: () => void }) {
  const { text, isPublicKey } = secret;
  return (
    <Modal title={isPublicKey ? "The public key" : "Copy the signing secret now"} close={close}>
      {!isPublicKey && <p>It is not shown again. Store it where your receiver reads its secrets.</p>}
      <div class="row-heading">
        <div>
          <code>{text}</code>
        </div>
        <CopyButton text={text} label="Copy" />
      </div>
      {text.startsWith("whsec_") && <Verification />}
      <footer>
        <button type="button" class="primary" onClick={close}>
          Done
        </button>
      </footer>
    </Modal>
  );
}

/** Code for secrets of Standard Webhooks. Public keys and Kard's webhook keys need another. */
function Verification() {
  return (
    <details>
      <summary>Verify webhooks in Node.js</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region needs the focus to be scrolled by keys */}
      <pre tabIndex={0}>{snippet}</pre>
      <CopyButton text={snippet} label="Copy the code" />
    </details>
  );
}
