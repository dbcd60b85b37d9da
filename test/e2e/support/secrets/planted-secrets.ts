import { randomBytes } from "node:crypto";
import { afterAll } from "@jest/globals";
import * as z from "zod";
import { synthesize } from "../../../../infra/local/synthesize.ts";
import { newSigner, startIdentityServer } from "../../../support/identity-server.ts";
import type { CallOptions } from "../issuer.ts";
import { startProduct } from "../product.ts";
import { startEchoingEndpoint } from "../webhooks/echoing-endpoint.ts";
import type { Canary } from "./canaries.ts";
import { collectEvidence } from "./evidence.ts";

/**
 * Starts the product with a secret of every kind, each of them unique, an endpoint that echoes what it gets, and a
 * record of all readable data.
 */
export async function startWithPlantedSecrets() {
  const canaries: Canary[] = [];
  const plant = (name: string, secret = `canary-${randomBytes(18).toString("base64url")}`) => {
    canaries.push({ name, secret });
    return secret;
  };
  const ownSecret = (name: string) => `whsec_${plant(name, randomBytes(32).toString("base64"))}`;

  process.env.KARD_CLIENT_SECRET = plant("Kard's client secret");
  process.env.KARD_WEBHOOK_KEY = plant("Kard's webhook key");

  const signer = await newSigner("key-1");
  const identityServer = await startIdentityServer(signer.jwk);
  const identityProvider = {
    ...{ issuer: "https://id.example/", audience: "audits", jwksUrl: identityServer.jwksUrl },
    organizationsClaim: "organizations",
  };
  const { owner, kard, auditsAtKard, outputs, stack, faults, resolutions } = await startProduct({
    synthesize,
    // So that Kard's client secret is sent in a body.
    inFront: async (given) => ({ ...given, tokenRequest: "json" }),
    context: { identityProvider: JSON.stringify(identityProvider) },
  });
  const { organizationId } = owner;
  const token = await signer.sign({
    ...{ iss: identityProvider.issuer, aud: identityProvider.audience, sub: "somebody" },
    ...{ exp: Math.floor(Date.now() / 1_000) + 3_600, organizations: [organizationId] },
    scope: "audit:read audit:write notifications:read notifications:write",
  });
  plant("the API key", outputs.ApiKey.split("_")[2]);
  plant("the identity token", token.split(".")[2]);

  const endpoint = await startEchoingEndpoint();
  const webhookUrl = endpoint.url;

  const evidence = collectEvidence({ stack, faults, outputs, resolutions }, endpoint.bodies);
  const ask = (
    method: Parameters<typeof evidence.ask>[0],
    path: string,
    options: CallOptions = {},
    apiKey = owner.apiKey,
    showsSecret = false,
  ) => evidence.ask(method, path, options, apiKey, showsSecret);
  afterAll(async () => {
    evidence.stop();
    endpoint.stop();
    await identityServer.stop();
  });

  const base = `/v2/issuers/${organizationId}`;
  const created = z.object({ data: z.tuple([z.object({ id: z.string(), attributes: z.looseObject({}) })]) });
  async function subscribe(attributes: Record<string, unknown>): Promise<string> {
    const body = { data: [{ type: "subscription", attributes: { webhookUrl, ...attributes } }] };
    const { json } = await ask("POST", `${base}/subscriptions`, { body }, owner.apiKey, true);
    const [{ id, attributes: shown }] = created.parse(json).data;
    if (attributes.secret === undefined && shown.secret !== undefined) {
      plant("a webhook secret of ours", String(shown.secret).slice("whsec_".length));
    }
    return id;
  }

  return {
    ...{ canaries, plant, ownSecret, token, base, webhookUrl, endpoint, evidence, ask, subscribe },
    ...{ owner, kard, auditsAtKard, outputs, stack, resolutions },
  };
}
