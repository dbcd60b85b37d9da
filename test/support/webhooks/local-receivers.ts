import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Socket } from "node:net";

const stops: (() => Promise<void>)[] = [];

/** Stops all receivers; call it after each test. */
export async function stopReceivers(): Promise<void> {
  for (const stop of stops.splice(0)) await stop();
}

/** Answers every request with this. */
export const answering =
  (status: number, headers: Record<string, string> = {}, body = ""): RequestListener =>
  (_, response) =>
    response.writeHead(status, headers).end(body);

/** A local receiver. `connections` counts its sockets. */
export async function startReceiver(listener: RequestListener) {
  const state = { connections: 0 };
  const server = createServer(listener).listen(0, "127.0.0.1");
  server.on("connection", () => state.connections++);
  await once(server, "listening");
  stops.push(async () => {
    server.close();
    server.closeAllConnections();
    await once(server, "close");
  });
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, port, state };
}

/** A server that closes the connection after the first packet, before any certificate. */
export async function firstPacket(send: (port: number) => Promise<unknown>): Promise<string> {
  const server = createTcpServer((socket) => socket.once("data", (packet) => socket.end(packet)));
  const connected = once(server.listen(0, "127.0.0.1"), "connection") as Promise<[Socket]>;
  await once(server, "listening");
  stops.push(async () => {
    server.close();
    await once(server, "close");
  });
  const sent = send((server.address() as AddressInfo).port);
  const [socket] = await connected;
  const [packet] = (await once(socket, "data")) as [Buffer];
  await sent;
  return packet.toString("latin1");
}
