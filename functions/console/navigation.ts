import { computed, signal } from "@preact/signals";

const hash = signal(location.hash);
addEventListener("hashchange", () => {
  hash.value = location.hash;
});

export interface Place {
  organization: string;
  view: string;
  /** The audit of the view `disputes`, if one is shown. */
  id: string;
  parameters: URLSearchParams;
}

/**
 * Where the reader is, as `#/<organization>/<view>/<id>?<parameters>`. It is in the fragment, so that filters with ids
 * of users are in no server's log.
 */
export const place = computed((): Place => {
  const [path = "", search = ""] = hash.value.replace(/^#\/?/, "").split("?");
  const [organization = "", view = "", id = ""] = path.split("/").map(decoded);
  return { organization, view: view === "" ? "disputes" : view, id, parameters: new URLSearchParams(search) };
});

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The URL of a place. */
export function hrefOf(organization: string, view: string, id = "", parameters = new URLSearchParams()): string {
  const path = [organization, view, ...(id === "" ? [] : [id])].map(encodeURIComponent).join("/");
  const search = parameters.toString();
  return `#/${path}${search === "" ? "" : `?${search}`}`;
}

/** The URL of a list of disputes of the organization that is shown. */
export function disputesHref(parameters: URLSearchParams | Record<string, string>): string {
  return hrefOf(place.value.organization, "disputes", "", new URLSearchParams(parameters));
}

/** Goes to a place. `replace` adds no entry to the browser's history. */
export function go(href: string, mode: "push" | "replace" = "push"): void {
  if (mode === "push") {
    location.hash = href;
    return;
  }
  history.replaceState(null, "", href);
  hash.value = location.hash;
}
