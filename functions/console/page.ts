import { createHash } from "node:crypto";

const style = `
  :root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
  body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
  form { display: grid; grid-template-columns: repeat(auto-fit, minmax(14rem, 1fr)); gap: .75rem; align-items: end; }
  label { display: grid; gap: .25rem; font-size: .875rem; }
  input, button { font: inherit; padding: .4rem .6rem; }
  article { border: 1px solid #8886; border-radius: .5rem; padding: 1rem; margin: 1rem 0; }
  h2 { margin: 0; font-size: 1.1rem; display: flex; justify-content: space-between; gap: 1rem; }
  .status { font-variant: small-caps; font-weight: 600; }
  .CLOSED { color: #1a7f37; } .REJECTED { color: #c0352b; } .NEW, .IN_PROGRESS, .SUBMITTING { color: #9a6700; }
  table { border-collapse: collapse; width: 100%; margin-top: .75rem; font-size: .875rem; }
  th, td { text-align: left; padding: .25rem .5rem .25rem 0; border-top: 1px solid #8883; vertical-align: top; }
  td:nth-child(1) { width: 13rem; } td:nth-child(2) { width: 7rem; }
  #message { margin: 1rem 0; min-height: 1.5em; }
`;

const script = `
  const byId = (id) => document.getElementById(id);
  const fields = ["organization", "key", "transaction"];
  for (const id of fields) byId(id).value = sessionStorage.getItem(id) ?? "";

  const make = (tag, text = "", className = "") =>
    Object.assign(document.createElement(tag), { textContent: text, className });

  async function get(path) {
    const response = await fetch(path, { headers: { authorization: "Bearer " + byId("key").value.trim() } });
    const body = await response.json();
    if (!response.ok) throw new Error(body.errors?.map(({ detail }) => detail).join("; ") ?? response.statusText);
    return body;
  }

  function rowOf(cells) {
    const row = make("tr");
    row.append(...cells.map((cell) => make("td", cell)));
    return row;
  }

  function card({ id, attributes }) {
    const card = make("article");
    const title = make("h2", attributes.transactionId + " · " + attributes.merchantName);
    title.append(make("span", attributes.status.replace("_", " ").toLowerCase(), "status " + attributes.status));
    const { resolutionCode, resolutionDescription, nextPollAt, submission, kardStatus } = attributes;
    const outcome =
      attributes.status === "CLOSED"
        ? "Resolved: " + [resolutionCode, resolutionDescription].filter((part) => part != null).join(" ")
        : attributes.status === "REJECTED"
          ? "Refused by Kard: " + (attributes.refusal ?? []).map(({ detail }) => detail).join("; ")
          : attributes.status === "SUBMITTING"
            ? attributes.acceptedWithoutIdAt
              ? "Taken by Kard, which did not say its id"
              : "On its way to Kard (" + submission + ")"
            : "Open at Kard" + (kardStatus ? " as " + kardStatus : "") + (nextPollAt ? "; looked at again " + new Date(nextPollAt).toLocaleString() : "");
    const table = make("table");
    for (const { what, at, ...details } of attributes.timeline ?? []) {
      const more = Object.entries(details).map(([name, value]) => name + " " + value).join(", ");
      table.append(rowOf([new Date(at).toLocaleString(), what.replace("_", " "), more]));
    }
    card.append(title, make("p", outcome), make("p", attributes.auditDescription), make("small", id), table);
    return card;
  }

  byId("look").addEventListener("submit", async (event) => {
    event.preventDefault();
    for (const id of fields) sessionStorage.setItem(id, byId(id).value);
    byId("audits").replaceChildren();
    byId("message").textContent = "Looking …";
    try {
      const base = "/v2/issuers/" + encodeURIComponent(byId("organization").value.trim()) + "/audits";
      const wanted = byId("transaction").value.trim();
      const query = new URLSearchParams({ "page[size]": "10" });
      if (wanted !== "") query.set("filter[transactionId]", wanted);
      const { data } = await get(base + "?" + query);
      byId("message").textContent = data.length === 0 ? "There is no audit of this transaction." : "";
      for (const { id } of data) byId("audits").append(card((await get(base + "/" + id)).data));
    } catch (error) {
      byId("message").textContent = error.message;
    }
  });
`;

/** The console: a page where a support agent looks up a dispute. It contains no data and no secret. */
export const consolePage = `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Audit tracker</title>
<style>${style}</style>
<h1>What became of this dispute?</h1>
<form id="look">
  <label>Organization <input id="organization" required autocomplete="off"></label>
  <label>API key <input id="key" type="password" required autocomplete="off"></label>
  <label>Transaction (empty: the latest) <input id="transaction" autocomplete="off"></label>
  <button>Look it up</button>
</form>
<p id="message" role="status"></p>
<main id="audits"></main>
<script>${script}</script>
</html>
`;

const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** Security headers that allow only what the page needs. */
export const consoleHeaders: Readonly<Record<string, string>> = {
  "content-security-policy": [
    "default-src 'none'",
    "connect-src 'self'",
    `script-src ${hashOf(script)}`,
    `style-src ${hashOf(style)}`,
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};
