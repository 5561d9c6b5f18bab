import { expect, it } from "vitest";
import { hostAddresses } from "../../../sandbox/egress/host-addresses.ts";

const LISTING = `Main:
  +-- 0.0.0.0/0 3 0 4
     |-- 0.0.0.0
        /0 universe UNICAST
        |-- 172.17.0.0
           /16 link UNICAST
        |-- 172.17.0.1
           /32 host LOCAL
     |-- 192.0.2.2
        /32 host LOCAL
     |-- 192.0.2.255
        /32 link BROADCAST
Local:
     |-- 192.0.2.2
        /32 host LOCAL
20010db8000000000000000000000001 02 40 00 80     eth0
`;

it("finds a machine's own addresses, each once, and no networks", () => {
  expect(hostAddresses(LISTING)).toEqual([
    "172.17.0.1",
    "192.0.2.2",
    "2001:0db8:0000:0000:0000:0000:0000:0001",
  ]);
});

it.each(["", "garbage\n|-- 999.1.1.1\n/32 host LOCAL\n", "|-- x\n"])(
  "finds none in %j",
  (listing) => {
    expect(hostAddresses(listing)).toEqual([]);
  },
);
