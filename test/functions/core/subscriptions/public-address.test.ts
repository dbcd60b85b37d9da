import { expect, test } from "@jest/globals";
import { isLoopbackAddress, isPublicAddress } from "../../../../functions/core/subscriptions/public-address.ts";

test.each([
  "1.1.1.1",
  "8.8.8.8",
  "9.255.255.255",
  "11.0.0.0",
  "100.63.255.255",
  "100.128.0.0",
  "172.15.255.255",
  "172.32.0.0",
  "192.167.255.255",
  "192.169.0.0",
  "198.17.255.255",
  "198.20.0.0",
  "223.255.255.255",
  "168.63.129.15",
  "2606:4700:4700::1111",
  "2a00:1450:4001::1",
  "2003::1",
  "2001:200::1",
  "2606:4700:4700:0:0:0:0:1111",
  "2606:4700::8.8.8.8",
])("%s is public", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  ["this network", "0.0.0.0"],
  ["private", "10.0.0.1"],
  ["private", "172.16.0.1"],
  ["private", "172.31.255.255"],
  ["private", "192.168.1.1"],
  ["carrier-grade NAT", "100.64.0.1"],
  ["loopback", "127.0.0.1"],
  ["loopback", "127.255.255.254"],
  ["link-local, with cloud metadata", "169.254.169.254"],
  ["Azure's wire server", "168.63.129.16"],
  ["IETF assignments", "192.0.0.8"],
  ["documentation", "192.0.2.1"],
  ["documentation", "198.51.100.1"],
  ["documentation", "203.0.113.1"],
  ["benchmarks", "198.18.0.1"],
  ["multicast", "224.0.0.1"],
  ["reserved", "240.0.0.1"],
  ["broadcast", "255.255.255.255"],
  ["unspecified", "::"],
  ["loopback", "::1"],
  ["IPv4-mapped loopback", "::ffff:127.0.0.1"],
  ["IPv4-mapped loopback", "::ffff:7f00:1"],
  ["IPv4-mapped public", "::ffff:8.8.8.8"],
  ["IPv4-compatible loopback", "::7f00:1"],
  ["NAT64", "64:ff9b::7f00:1"],
  ["local NAT64", "64:ff9b:1::1"],
  ["discard-only", "100::1"],
  ["dummy", "100:0:0:1::1"],
  ["Teredo", "2001::1"],
  ["documentation", "2001:db8::1"],
  ["6to4", "2002:7f00:1::"],
  ["documentation", "3fff::1"],
  ["unassigned", "4000::1"],
  ["segment routing", "5f00::1"],
  ["unique local", "fd00::1"],
  ["AWS's metadata", "fd00:ec2::254"],
  ["link-local", "fe80::1"],
  ["link-local with a zone", "fe80::1%eth0"],
  ["site-local", "fec0::1"],
  ["multicast", "ff02::1"],
  ["no address", "localhost"],
  ["AS112", "192.31.196.1"],
  ["AS112", "192.175.48.1"],
  ["multicast without sources", "192.52.193.1"],
  ["6to4 relays", "192.88.99.1"],
  ["Alibaba's metadata", "100.100.100.200"],
  ["Oracle's metadata", "192.0.0.192"],
  ["AS112", "2620:4f:8000::1"],
  ["ORCHID", "2001:20::1"],
  ["Google's metadata", "fd20:ce::254"],
  ["nine groups", "2606:4700:1:2:3:4:5:6:7"],
  ["octal to some", "010.8.8.8"],
  ["out of range", "8.8.8.256"],
  ["no address", "127.1"],
  ["no address", "0x7f000001"],
  ["no address", "[::1]"],
  ["no address", ""],
])("%s is not public: %s", (_, address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(["127.0.0.1", "127.8.8.8", "::1"])("%s is this machine", (address) => {
  expect(isLoopbackAddress(address)).toBe(true);
});

test.each(["128.0.0.1", "10.0.0.1", "::2", "::", "0.0.0.0", "localhost"])("%s is not this machine", (address) => {
  expect(isLoopbackAddress(address)).toBe(false);
});
