import { useEffect, useRef, useState } from "preact/hooks";
import { Problem } from "../components/parts.tsx";
import { useAction } from "../components/use-action.ts";
import { goToProvider, signInSettings } from "../oidc.ts";
import { signIn, signInMessage } from "../session.ts";

/** Asks for an API key, or for a sign-in at the identity provider. */
export function SignIn() {
  const [key, setKey] = useState("");
  const [remember, setRemember] = useState(false);
  const { isRunning, error, run } = useAction();
  const settings = signInSettings();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => field.current?.focus(), []);
  const message = error ?? (signInMessage.value === "" ? undefined : signInMessage.value);
  const submit = (event: Event) => {
    event.preventDefault();
    run(() => signIn(key.trim(), remember));
  };
  return (
    <main class="sign-in">
      <form class="card" onSubmit={submit}>
        <h1>Audit tracker</h1>
        <p class="muted">See what became of each dispute, and what you were told about it.</p>
        <Problem message={message} />
        {settings !== undefined && (
          <>
            <button type="button" class="primary" onClick={() => run(() => goToProvider(settings))}>
              Sign in with {new URL(settings.authorizationUrl).host}
            </button>
            <p class="muted">or with an API key:</p>
          </>
        )}
        <label>
          API key
          <input
            ref={field}
            type="password"
            autocomplete="off"
            spellcheck={false}
            required
            placeholder="kat_…"
            value={key}
            onInput={(event) => setKey(event.currentTarget.value)}
          />
        </label>
        <label class="check">
          <input type="checkbox" checked={remember} onChange={(event) => setRemember(event.currentTarget.checked)} />
          Remember the key for this tab
        </label>
        <button type="submit" class={settings === undefined ? "primary" : ""} disabled={isRunning}>
          {isRunning ? "Signing in …" : "Sign in"}
        </button>
        <p class="small muted">
          {remember
            ? "The key is kept until you close this tab or sign out."
            : "The key stays in this page’s memory and is gone when you reload it."}
        </p>
      </form>
    </main>
  );
}
