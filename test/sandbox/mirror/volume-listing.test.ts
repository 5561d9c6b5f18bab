import { expect, it } from "vitest";
import { gatherListing, parseListing } from "../../../sandbox/mirror/volume-listing.ts";

const ENTRY = "f 644 3 77 1.5 a name\0\0";

it("reads a listing whatever pieces it comes in", () => {
  const listing = gatherListing();
  for (const byte of Buffer.from(ENTRY)) listing.add(Buffer.of(byte));

  const [entry] = parseListing(listing.text(), () => false);

  expect(entry).toMatchObject({ path: "a name", kind: "file", mode: 0o100644, size: 3 });
});

it.each([
  ["500000 entries", [Buffer.alloc(1_000_000)], true],
  ["one more", [Buffer.alloc(1_000_000), Buffer.alloc(2)], false],
  ["few, with endless names", Array<Buffer>(5).fill(Buffer.alloc(64 * 1024 * 1024, "x")), false],
])("takes so many entries and no more: %s", (_name, pieces, isTaken) => {
  const listing = gatherListing();
  for (const piece of pieces) listing.add(piece);

  const reading = () => listing.text().length;

  if (isTaken) expect(reading()).toBe(1_000_000);
  else expect(reading).toThrow(expect.objectContaining({ code: "sandbox.refused-path" }));
});
