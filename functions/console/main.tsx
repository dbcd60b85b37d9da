import { render } from "preact";
import { useEffect } from "preact/hooks";
import { Empty } from "./components/parts.tsx";
import { place } from "./navigation.ts";
import { isSignedIn, may, organization, organizations, resumeSession } from "./session.ts";
import { AuditView } from "./views/audit/audit.tsx";
import { Frame } from "./views/frame.tsx";
import { Overview } from "./views/overview/overview.tsx";
import { SignIn } from "./views/sign-in.tsx";
import { Subscriptions } from "./views/subscriptions/subscriptions.tsx";
import { Undelivered } from "./views/undelivered/undelivered.tsx";
import { WorkList } from "./views/work-list/work-list.tsx";

const titles: Readonly<Record<string, string>> = {
  disputes: "Disputes",
  overview: "Overview",
  subscriptions: "Subscriptions",
  undelivered: "Undelivered",
};

function App() {
  const { view, id } = place.value;
  const title = isSignedIn.value ? (id === "" ? titles[view] : "Dispute") : "Sign in";
  useEffect(() => {
    document.title = `${title ?? "Not found"} · Audit tracker`;
  }, [title]);
  // The focus goes to a new view, so that screen readers begin there.
  const at = `${organization.value}/${view}/${id}`;
  useEffect(() => {
    if (document.activeElement === document.body) document.getElementById("main")?.focus({ preventScroll: true });
    scrollTo(0, 0);
  }, [at]);
  if (!isSignedIn.value) return <SignIn />;
  return (
    <Frame>
      <View key={organization.value} />
    </Frame>
  );
}

function View() {
  const { view, id } = place.value;
  if (!organizations.value.includes(organization.value)) {
    return (
      <Empty title={`Your key has no access to ${organization.value}`}>
        Choose an organization, or sign in with another key.
      </Empty>
    );
  }
  if (view === "overview" && may("audit:read")) return <Overview />;
  if (view === "subscriptions" && may("notifications:read")) return <Subscriptions />;
  if (view === "undelivered" && may("notifications:read")) return <Undelivered />;
  if (view === "disputes" && may("audit:read")) return id === "" ? <WorkList /> : <AuditView key={id} id={id} />;
  return <Empty title="There is nothing here">Choose a view above.</Empty>;
}

await resumeSession();
document.querySelector("noscript")?.remove();
render(<App />, document.body);
