import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from "jose";

/** A key pair of an identity provider. */
export async function newSigner(kid: string, alg = "ES256") {
  const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
  const jwk: JWK = { ...(await exportJWK(publicKey)), kid, alg, use: "sig" };
  return {
    jwk,
    /** Signs claims. `exp` is used as given, in epoch seconds. */
    sign: (claims: JWTPayload) => new SignJWT(claims).setProtectedHeader({ alg, kid, typ: "JWT" }).sign(privateKey),
  };
}

/** A server that publishes public keys like an identity provider. */
export async function startIdentityServer(...keys: JWK[]) {
  let published = keys;
  let status = 200;
  let requests = 0;
  const server = createServer((_, response) => {
    requests++;
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify({ keys: published }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    jwksUrl: `http://127.0.0.1:${port}/jwks.json`,
    requests: () => requests,
    publish(...others: JWK[]) {
      published = others;
    },
    respondWith(code: number) {
      status = code;
    },
    stop: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
