type Width = 32 | 128;

interface Address {
  number: bigint;
  width: Width;
}

/** The addresses of one width whose first `prefix` bits equal those of `first`. */
export interface IpBlock {
  first: bigint;
  prefix: number;
  width: Width;
}

/** Parses CIDR notation; `undefined` if it is malformed or has bits after its prefix. */
export function readIpBlock(text: string): IpBlock | undefined {
  const [, before = "", bits = ""] = /^([^/]+)\/(0|[1-9]\d{0,2})$/.exec(text) ?? [];
  const address = readAddress(before);
  const prefix = Number(bits);
  if (address === undefined || prefix > address.width) return undefined;
  const { number: first, width } = address;
  const rest = BigInt(width - prefix);
  return (first >> rest) << rest === first ? { first, prefix, width } : undefined;
}

/**
 * Parses several blocks in CIDR notation.
 *
 * @throws Error if one is malformed
 */
export function ipBlocks(...texts: readonly string[]): IpBlock[] {
  return texts.map((text) => {
    const block = readIpBlock(text);
    if (block === undefined) throw new Error(`${text} is not an address block in CIDR notation`);
    return block;
  });
}

/** Whether a text is an IP address without a zone. */
export function isIpAddress(text: string): boolean {
  return readAddress(text) !== undefined;
}

/** Whether a text is an IP address in one of the blocks. IPv4 inside IPv6 is in no IPv4 block. */
export function isInBlocks(text: string, blocks: readonly IpBlock[]): boolean {
  const address = readAddress(text);
  if (address === undefined) return false;
  return blocks.some(({ first, prefix, width }) => {
    const rest = BigInt(width - prefix);
    return width === address.width && address.number >> rest === first >> rest;
  });
}

/** Whether a block is a part of one of the others. */
export function isBlockWithin(block: IpBlock, others: readonly IpBlock[]): boolean {
  return others.some(({ first, prefix, width }) => {
    const rest = BigInt(width - prefix);
    return width === block.width && prefix <= block.prefix && block.first >> rest === first >> rest;
  });
}

function readAddress(text: string): Address | undefined {
  const four = numberOf4(text);
  if (four !== undefined) return { number: four, width: 32 };
  const six = numberOf6(text);
  return six === undefined ? undefined : { number: six, width: 128 };
}

/** Four decimal numbers without leading zeros, which some programs read as octal. */
function numberOf4(text: string): bigint | undefined {
  const parts = text.split(".");
  const isDecimal = parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) < 256);
  return isDecimal ? parts.reduce((sum, part) => (sum << 8n) | BigInt(part), 0n) : undefined;
}

/** The URL parser accepts every notation of an IPv6 address and normalizes it: groups in hex, zeros as `::`. */
function numberOf6(text: string): bigint | undefined {
  if (!/^[0-9a-f:.]+$/i.test(text) || !URL.canParse(`http://[${text}]/`)) return undefined;
  const [head = [], tail = []] = new URL(`http://[${text}]/`).hostname
    .slice(1, -1)
    .split("::")
    .map((half) => half.split(":").filter((group) => group !== ""));
  const zeros = Array.from({ length: 8 - head.length - tail.length }, () => "0");
  return [...head, ...zeros, ...tail].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}
