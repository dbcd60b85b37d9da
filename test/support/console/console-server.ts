import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { openConsoleFiles } from "../../../functions/adapters/console-files.ts";
import { issueApiKey, type Scope, scope } from "../../../functions/core/access/api-key.ts";
import type { ConsoleSignIn } from "../../../functions/core/access/identity-provider.ts";
import { bundleConsole } from "../../../infra/constructs/console-bundle.ts";
import { fakeWorld } from "../fake-world.ts";
import { inProcessApi } from "../openapi/in-process-api.ts";

export interface ConsoleServer {
  url: string;
  world: ReturnType<typeof fakeWorld>;
  /** Issues a key. Default: all scopes, for the organization of the samples. */
  newKey(organizations?: readonly string[], scopes?: readonly Scope[]): Promise<string>;
  stop(): Promise<void>;
}

export const organizationId = "meridian-bank";

/** Serves the bundled console and the functions' API over a world in memory: it starts in a second. */
export async function startConsoleServer(signIn?: ConsoleSignIn): Promise<ConsoleServer> {
  const folder = mkdtempSync(join(tmpdir(), "console-"));
  bundleConsole(folder);
  const world = fakeWorld();
  const api = inProcessApi(world, "webhook key", {}, { files: openConsoleFiles(folder), signIn });
  const server = createServer(async (request, response) => {
    const { method = "GET", url = "/", headers } = request;
    const sent = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
    const answer = await api({ method, target: url, headers: sent, body: await buffer(request) } as never);
    response.writeHead(answer.status, answer.headers).end(answer.bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  let keys = 0;
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/console`,
    world,
    async newKey(organizations = [organizationId], scopes = scope.options) {
      keys++;
      const grant = { organizations: [...organizations], scopes: [...scopes] };
      const { text, apiKey } = issueApiKey(grant, (count) => Buffer.alloc(count, keys), world.clock());
      await world.apiKeys.create(apiKey);
      return text;
    },
    async stop() {
      rmSync(folder, { recursive: true, force: true });
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
