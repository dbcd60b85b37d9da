import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { StartUpError } from "../template/start-up-error.ts";

/** A listening HTTP server on the loopback interface. */
export interface HttpServer {
  readonly url: string;
  /** Stops the server and closes all its connections at once. */
  stop(): Promise<void>;
}

/**
 * Listens on 127.0.0.1.
 * @param port 0 for any.
 * @throws StartUpError if the port is in use or not allowed.
 */
export async function listen(
  port: number,
  handle: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<HttpServer> {
  const server = createServer({ keepAliveTimeout: 60_000 }, handle);
  server.listen(port, "127.0.0.1");
  await new Promise<void>((resolve, reject) => {
    server.once("listening", resolve);
    server.once("error", (error: NodeJS.ErrnoException) => {
      const reason = error.code === "EADDRINUSE" ? "is in use" : `cannot be used: ${error.message}`;
      reject(new StartUpError(`port ${port} ${reason}`));
    });
  });
  const address = server.address();
  return {
    url: `http://127.0.0.1:${typeof address === "object" ? address?.port : port}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The whole body of a request; undefined if it exceeds the limit (in bytes) or the client disconnects. */
export async function readBody(request: IncomingMessage, limit: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of request) {
      size += chunk.length;
      if (size > limit) return undefined;
      chunks.push(chunk);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks);
}
