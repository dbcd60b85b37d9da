type Width = 32 | 128;

/** The addresses of one width whose first `prefix` bits are those of `first`. */
interface Block {
  first: bigint;
  prefix: number;
  width: Width;
}

/**
 * IANA's IPv4 special-purpose registry, what is not unicast, and Azure's wire server: none of it is a webhook receiver
 * on the internet. Cloud metadata is in 169.254.0.0/16 (AWS, Azure, Google), 100.64.0.0/10 and 192.0.0.0/24 (others).
 */
const special4 = [
  ...["0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "168.63.129.16/32", "169.254.0.0/16"],
  ...["172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24", "192.52.193.0/24", "192.88.99.0/24"],
  ...["192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4"],
  "240.0.0.0/4",
].map(block);

/** IPv6 is judged the other way round: global unicast is 2000::/3, less IANA's special-purpose ranges inside it. */
const global6 = block("2000::/3");
const special6 = ["2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20"].map(block);

const loopback = ["127.0.0.0/8", "::1/128"].map(block);

/** Whether a text is an IP address of the public internet. An address that carries another, as NAT64's do, is none. */
export function isPublicAddress(text: string): boolean {
  const four = numberOf4(text);
  if (four !== undefined) return !special4.some((special) => isIn(special, four));
  const six = numberOf6(text);
  return six !== undefined && isIn(global6, six) && !special6.some((special) => isIn(special, six));
}

/** Whether a text is an IP address of this machine itself. */
export function isLoopbackAddress(text: string): boolean {
  const four = numberOf4(text);
  const address = four ?? numberOf6(text);
  const width = four === undefined ? 128 : 32;
  return address !== undefined && loopback.some((own) => own.width === width && isIn(own, address));
}

function block(text: string): Block {
  const [address = "", prefix] = text.split("/");
  const four = numberOf4(address);
  return { first: four ?? numberOf6(address) ?? 0n, prefix: Number(prefix), width: four === undefined ? 128 : 32 };
}

/** Whether an address is in a block of its own width. */
function isIn({ first, prefix, width }: Block, address: bigint): boolean {
  const shift = BigInt(width - prefix);
  return address >> shift === first >> shift;
}

/** Four decimal numbers without leading zeros, which some take for octal. */
function numberOf4(text: string): bigint | undefined {
  const parts = text.split(".");
  const isDecimal = parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
  return isDecimal ? parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n) : undefined;
}

/** The URL parser knows every way to write an IPv6 address, and writes it in one: groups in hex, zeros as `::`. */
function numberOf6(text: string): bigint | undefined {
  if (!/^[0-9a-f:.]+$/i.test(text) || !URL.canParse(`http://[${text}]/`)) return undefined;
  const [head = [], tail = []] = new URL(`http://[${text}]/`).hostname
    .slice(1, -1)
    .split("::")
    .map((half) => half.split(":").filter((group) => group !== ""));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => "0");
  return [...head, ...zeros, ...tail].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}
