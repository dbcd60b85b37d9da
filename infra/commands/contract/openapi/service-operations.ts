import { callerAnswer, health, ping, tokenShape } from "../../../../functions/audits-api/audit-shapes.ts";
import { tokenBody, tokenForm } from "../../../../functions/audits-api/token-input.ts";
import type { Operation } from "./operation.ts";

/** The operations on the service itself. */
export const serviceOperations = {
  "GET /health": {
    operationId: "getHealth",
    summary: "Check whether the API answers.",
    responses: { 200: { description: "The API answers.", schema: health, example: { status: "ok" } } },
  },

  "POST /v2/auth/token": {
    operationId: "createToken",
    summary: "Get an access token for an API key, as Kard's clients do.",
    description:
      "OAuth 2.0 client credentials: `client_id` is the key's id, `client_secret` is the key. Kard's SDKs send both as " +
      "JSON, or as a form without `grant_type` (Go). Kard's guide sends a form with `Authorization: Basic " +
      "base64(client_id:client_secret)`. The access token has the key's permissions and is revoked with it. `X-Kard-Target-Issuer` restricts it to that issuer.",
    headers: ["X-Kard-Target-Issuer"],
    body: {
      schema: tokenBody,
      form: tokenForm,
      example: { client_id: "fy3hbcnqcn5m", client_secret: "kat_fy3hbcnqcn5m_EXAMPLE" },
    },
    responses: {
      200: {
        description: "The access token.",
        schema: tokenShape,
        example: { access_token: "kat_fy3hbcnqcn5m_EXAMPLE", expires_in: 3600, token_type: "Bearer" },
      },
    },
    errors: [401, 404],
  },

  "GET /v2/ping": {
    operationId: "ping",
    summary: "Check whether the API answers, with Kard's response.",
    responses: {
      200: {
        description: "The API answers.",
        schema: ping,
        example: { message: "pong", status: "ok", timestamp: "2026-03-14T12:00:00.000Z" },
      },
    },
  },

  "GET /v2/caller": {
    operationId: "getCaller",
    summary: "What the API key or token may do.",
    responses: {
      200: {
        description: "The issuers and scopes of the caller.",
        schema: callerAnswer,
        example: {
          data: { type: "caller", attributes: { organizations: ["organization-123"], scopes: ["audit:read"] } },
        },
      },
    },
  },

  "GET /console": {
    operationId: "getConsole",
    summary: "The page for support and operations.",
    responses: { 200: { description: "The page.", contentType: "text/html" } },
  },

  "GET /console/{file}": {
    operationId: "getConsoleFile",
    summary: "A file of the console's page.",
    responses: { 200: { description: "The file.", contentType: "text/javascript" } },
    errors: [404],
  },

  "GET /openapi.json": {
    operationId: "getOpenApi",
    summary: "This document.",
    responses: { 200: { description: "The document." } },
  },
} satisfies Record<string, Operation>;
