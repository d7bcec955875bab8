import { expect, test } from "vitest";
import { maxBodyBytes, refuseBody } from "./body-limit";

test("a request without a body, or with one of honest size, passes", () => {
  expect(refuseBody({ headers: {} })).toBeNull();
  expect(refuseBody({ headers: { "content-length": String(maxBodyBytes) } })).toBeNull();
});

test("a body that is too large, or does not say how large it is, is refused before it is read", () => {
  expect(refuseBody({ headers: { "content-length": String(maxBodyBytes + 1) } })).toBe(413);
  expect(refuseBody({ headers: { "transfer-encoding": "chunked" } })).toBe(411);
});
