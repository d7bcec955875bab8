// Golden values of domain.md A.13 and 10.2 that stand beside the worked examples of walk.test.ts and pgtable.test.ts.
import { expect, test } from "vitest";
import { toGeneric } from "../swap/entry";
import { splitAddress } from "./walk-formats";

test("PAE splits the borders of user space and the last page (domain.md A.13)", () => {
  expect(splitAddress(0xc0000000, "pae")).toEqual({ levels: [3, 0, 0], offset: 0 });
  expect(splitAddress(0xfffff000, "pae")).toEqual({ levels: [3, 511, 511], offset: 0 });
  expect(splitAddress(0xbfffffff, "pae")).toEqual({ levels: [2, 511, 511], offset: 0xfff });
});

test("swap entries in their general form (domain.md 10.2)", () => {
  expect([toGeneric(1, 5), toGeneric(3, 0x1234)]).toEqual([0x08000005, 0x18001234]);
});
