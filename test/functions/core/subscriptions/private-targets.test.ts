import { expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  isAllowedPrivateAddress,
  isListedHost,
  isPrivateTarget,
  privateTarget,
} from "../../../../functions/core/subscriptions/private-targets.ts";

const widest = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7", "*.example"];

test.each(["10.0.0.0/8", "10.20.0.0/16", "10.0.0.1/32", "100.64.0.0/10", "fd12:3456::/32", "fc00::/7"])(
  "%s is a valid entry",
  (entry) => {
    expect(privateTarget.safeParse(entry).success).toBe(true);
  },
);

test.each(["hooks.corp.example", "*.corp.internal", "a_b.corp.local", "xn--mnchen-3ya.example"])(
  "%s is allowed",
  (entry) => {
    expect(privateTarget.safeParse(entry).success).toBe(true);
  },
);

test.each([
  ["10.0.0.1", /block, such as 10\.0\.0\.1\/32/],
  ["fd00::1", /block, such as/],
  ["10.0.0.1/8", /zeros after its prefix/],
  ["10.0.0.0/33", /CIDR/],
  ["10.0.0.0/08", /CIDR/],
  ["0.0.0.0/0", /must be within/],
  ["::/0", /must be within/],
  ["8.0.0.0/6", /must be within/],
  ["127.0.0.0/8", /must be within/],
  ["169.254.0.0/16", /must be within/],
  ["224.0.0.0/4", /must be within/],
  ["fe80::/10", /must be within/],
  ["::ffff:0:0/96", /must be within/],
  ["100.100.100.200/32", /cloud services/],
  ["fd00:ec2::254/128", /cloud services/],
  ["localhost", /must be a host/],
  ["*", /must be a host/],
  ["*.example", /must be a host/],
  ["Hooks.Corp.Example", /must be a host/],
  ["https://hooks.corp.example", /CIDR/],
  ["hooks.corp.example:443", /must be a host/],
  ["hooks.*.example", /must be a host/],
])("%s is not", (entry, why) => {
  expect(privateTarget.safeParse(entry).error?.issues[0]?.message).toMatch(why);
});

test("an entry with a star matches names below a domain, and no other with that ending", () => {
  expect(isListedHost("a.b.corp.example", ["*.corp.example"])).toBe(true);
  expect(isListedHost("corp.example", ["*.corp.example"])).toBe(false);
  expect(isListedHost("notcorp.example", ["*.corp.example"])).toBe(false);
  expect(isListedHost("hooks.corp.example.issuer.example", ["hooks.corp.example"])).toBe(false);
});

const four = fc.ipV4();
const six = fc.ipV6();

test("an empty list allows nothing", () => {
  fc.assert(fc.property(fc.oneof(four, six), (address) => !isAllowedPrivateAddress(address, address, [])));
});

test("allowed addresses are private, and never a cloud's service", () => {
  fc.assert(
    fc.property(four, (address) => {
      const [a = 0, b = 0] = address.split(".").map(Number);
      const isPrivate =
        a === 10 || (a === 172 && b >> 4 === 1) || (a === 192 && b === 168) || (a === 100 && b >> 6 === 1);
      const expected = isPrivate && address !== "100.100.100.200";
      return isAllowedPrivateAddress(address, "hooks.example", widest) === expected;
    }),
    { examples: [["100.100.100.200"], ["100.100.100.201"], ["100.127.255.255"], ["172.31.255.255"], ["172.32.0.0"]] },
  );
});

test("of IPv6, only unique local addresses outside cloud services are allowed", () => {
  const local = fc.tuple(
    fc.integer({ min: 0xfc00, max: 0xfdff }),
    fc.array(fc.integer({ min: 0, max: 0xffff }), fixed(7)),
  );
  fc.assert(
    fc.property(local, ([first, rest]) => {
      const groups = [first, ...rest].map((group) => group.toString(16));
      const isCloud = (first === 0xfd00 && rest[0] === 0xec2) || groups.join(":") === "fd20:ce:0:0:0:0:0:254";
      return isAllowedPrivateAddress(groups.join(":"), "hooks.example", widest) === !isCloud;
    }),
    { examples: [[[0xfd00, [0xec2, 0, 0, 0, 0, 0, 0x254]]], [[0xfd20, [0xce, 0, 0, 0, 0, 0, 0x254]]]] },
  );
  fc.assert(
    fc.property(six, (address) => {
      const isLocal = /^f[cd]/i.test(address) && address.split(":")[0]?.length === 4;
      return isLocal || !isAllowedPrivateAddress(address, "hooks.example", widest);
    }),
  );
});

test("a block allows its own addresses to every host, and no others", () => {
  fc.assert(
    fc.property(four, fc.integer({ min: 8, max: 32 }), fc.nat(2 ** 24 - 1), (address, prefix, host) => {
      const size = 2 ** (32 - prefix);
      const first = 10 * 2 ** 24 + Math.floor(host / size) * size;
      const block = `${[24, 16, 8, 0].map((bits) => (first >>> bits) & 0xff).join(".")}/${prefix}`;
      const number = address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
      const isInside = number >= first && number < first + size;
      return (
        privateTarget.safeParse(block).success &&
        isAllowedPrivateAddress(address, "issuer.example", [block]) === isInside &&
        isPrivateTarget(address, [block]) === isInside
      );
    }),
  );
});

function fixed(length: number) {
  return { minLength: length, maxLength: length };
}
