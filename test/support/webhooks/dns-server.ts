import { createSocket } from "node:dgram";
import { once } from "node:events";
import type { AddressInfo } from "node:net";

/** The response for a name: addresses, a response code, a response without addresses, no response, or garbage. */
export type DnsResponse =
  | { A?: readonly string[]; AAAA?: readonly string[]; ttl?: number; silentFor?: "A" | "AAAA" }
  | "NXDOMAIN"
  | "SERVFAIL"
  | "REFUSED"
  | "empty"
  | "silent"
  | "garbage";

const responseCodes = { NXDOMAIN: 3, SERVFAIL: 2, REFUSED: 5, empty: 0 };

/** A local name server (RFC 1035, over UDP). Names outside of its zone do not exist. */
export async function startDnsServer(zone: Record<string, DnsResponse>) {
  const queries: string[] = [];
  const socket = createSocket("udp4");
  socket.on("message", (packet, { port, address }) => {
    const { name, type, question } = readQuestion(packet);
    queries.push(`${type} ${name}`);
    const response = zone[name] ?? "NXDOMAIN";
    if (response === "silent" || (typeof response === "object" && response.silentFor === type)) return;
    if (response === "garbage")
      socket.send(Buffer.concat([packet.subarray(0, 2), Buffer.alloc(5, 0xff)]), port, address);
    else socket.send(responseTo(packet, question, type, response), port, address);
  });
  socket.bind(0, "127.0.0.1");
  await once(socket, "listening");
  return {
    /** The received queries, such as `A issuer.example`. */
    queries,
    zone,
    server: `127.0.0.1:${(socket.address() as AddressInfo).port}`,
    async stop() {
      socket.close();
      await once(socket, "close");
    },
  };
}

function readQuestion(packet: Buffer) {
  const labels: string[] = [];
  let at = 12;
  for (let length = packet.readUInt8(at); length > 0; length = packet.readUInt8(at)) {
    labels.push(packet.toString("latin1", at + 1, at + 1 + length));
    at += 1 + length;
  }
  const type = packet.readUInt16BE(at + 1) === 1 ? ("A" as const) : ("AAAA" as const);
  return { name: labels.join(".").toLowerCase(), type, question: packet.subarray(12, at + 5) };
}

function responseTo(
  packet: Buffer,
  question: Buffer,
  type: "A" | "AAAA",
  response: Exclude<DnsResponse, "silent" | "garbage">,
): Buffer {
  const addresses = typeof response === "object" ? (response[type] ?? []) : [];
  const ttl = typeof response === "object" ? (response.ttl ?? 300) : 0;
  const header = Buffer.alloc(12);
  packet.copy(header, 0, 0, 2);
  // A response, with recursion desired and available.
  header.writeUInt16BE(0x8180 | (typeof response === "object" ? 0 : responseCodes[response]), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(addresses.length, 6);
  const records = addresses.map((address) => {
    const data = type === "A" ? Buffer.from(address.split(".").map(Number)) : bytesOf6(address);
    const fixed = Buffer.alloc(12);
    // The name of the question, as a pointer.
    fixed.writeUInt16BE(0xc00c, 0);
    fixed.writeUInt16BE(type === "A" ? 1 : 28, 2);
    fixed.writeUInt16BE(1, 4);
    fixed.writeUInt32BE(ttl, 6);
    fixed.writeUInt16BE(data.length, 10);
    return Buffer.concat([fixed, data]);
  });
  return Buffer.concat([header, question, ...records]);
}

function bytesOf6(address: string): Buffer {
  const [head = [], tail = []] = address.split("::").map((half) => half.split(":").filter((group) => group !== ""));
  const groups = [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => "0"), ...tail];
  return Buffer.from(groups.map((group) => group.padStart(4, "0")).join(""), "hex");
}
