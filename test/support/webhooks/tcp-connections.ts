import { once } from "node:events";
import { createServer } from "node:net";
import { constants } from "node:os";

type Connect = (request: unknown, address: string, port: number) => number;

/**
 * Records every TCP connection of this process, below node:net. Connections to this machine are allowed; others are
 * refused before a packet is sent.
 */
export async function watchConnections() {
  const begun: string[] = [];
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  // Servers and clients are handles of one class, whose methods make the system calls.
  const { _handle: handle } = server as unknown as { _handle: object };
  const prototype = Object.getPrototypeOf(handle) as Record<"connect" | "connect6", Connect>;
  const { connect, connect6 } = prototype;
  const watched = (original: Connect): Connect =>
    function (this: unknown, request, address, port) {
      begun.push(`${address} ${port}`);
      const isOwn = address === "127.0.0.1" || address === "::1";
      return isOwn ? original.call(this, request, address, port) : -constants.errno.ECONNREFUSED;
    };
  prototype.connect = watched(connect);
  prototype.connect6 = watched(connect6);
  return {
    /** `address port` of each connection, in order. */
    begun,
    stop() {
      Object.assign(prototype, { connect, connect6 });
      server.close();
    },
  };
}
