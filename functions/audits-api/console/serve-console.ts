import { gunzipSync } from "node:zlib";
import type { ConsoleSignIn } from "../../core/access/identity-provider.ts";
import type { Route } from "../../platform/http.ts";
import { httpError } from "../../platform/http-error.ts";
import type { HttpResponse } from "../../platform/http-response.ts";

export interface ConsoleDeps {
  /** The bundled page, and the other files compressed with gzip. */
  files: () => { page: string; assets: ReadonlyMap<string, Buffer> };
  /** How people sign in at the identity provider, if there is one. */
  signIn: ConsoleSignIn | undefined;
}

const contentTypes: Readonly<Record<string, string>> = {
  js: "text/javascript; charset=utf-8",
  css: "text/css; charset=utf-8",
  svg: "image/svg+xml",
};

/** The console: a page for support and operations. Its files contain no data and no secret. */
export function consoleRoutes({ files, signIn }: ConsoleDeps): Record<"GET /console" | "GET /console/{file}", Route> {
  return {
    "GET /console": {
      async respond() {
        // The browser asks for the page each time, so a deployment is seen at once.
        const headers = { ...pageHeaders(signIn), "cache-control": "no-cache" };
        return { statusCode: 200, html: withSignIn(files().page, signIn), headers };
      },
    },

    "GET /console/{file}": {
      async respond({ parameters, headers }) {
        const name = parameters.file ?? "";
        const compressed = files().assets.get(name);
        if (compressed === undefined) throw httpError(404, "there is no such file");
        return assetResponse(name, compressed, /\bgzip\b/.test(headers["accept-encoding"] ?? ""));
      },
    },
  };
}

function assetResponse(name: string, compressed: Buffer, acceptsGzip: boolean): HttpResponse {
  const headers = {
    // The name contains a hash, so a file of this name never changes.
    "cache-control": "public, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
    vary: "accept-encoding",
    ...(acceptsGzip && { "content-encoding": "gzip" }),
  };
  const contentType = contentTypes[name.split(".").at(-1) ?? ""] ?? "application/octet-stream";
  return {
    statusCode: 200,
    file: { contentType, bytes: acceptsGzip ? compressed : gunzipSync(compressed) },
    headers,
  };
}

/** Adds the public settings of the identity provider to the page. The browser reads them from a `meta` element. */
function withSignIn(page: string, signIn: ConsoleSignIn | undefined): string {
  if (signIn === undefined) return page;
  const content = JSON.stringify(signIn).replace(/[&"<>]/g, (character) => `&#${character.charCodeAt(0)};`);
  return page.replace("</head>", () => `<meta name="sign-in" content="${content}"></head>`);
}

/** Security headers that allow only what the page needs, and the identity provider's token endpoint. */
function pageHeaders(signIn: ConsoleSignIn | undefined): Record<string, string> {
  const tokenEndpoint = signIn === undefined ? "" : ` ${new URL(signIn.tokenUrl).origin}`;
  return {
    "content-security-policy": [
      "default-src 'none'",
      `connect-src 'self'${tokenEndpoint}`,
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
      "trusted-types 'none'",
    ].join("; "),
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  };
}
