import type { IncomingHttpHeaders } from "node:http";
import { expect, test } from "vitest";
import { trustOnlyOurProxies } from "./forwarded";

function seen(headers: IncomingHttpHeaders, proxies: number): IncomingHttpHeaders {
  const request = { headers: { ...headers }, socket: { remoteAddress: "203.0.113.9" } };
  trustOnlyOurProxies(request, proxies);
  return request.headers;
}

test("without a proxy a visitor is where the connection comes from, whatever the headers claim", () => {
  const headers = seen(
    {
      "x-forwarded-for": "1.2.3.4",
      "x-real-ip": "1.2.3.4",
      forwarded: "for=1.2.3.4",
      "x-forwarded-host": "evil.example",
      "x-forwarded-proto": "https",
    },
    0,
  );
  expect(headers).toEqual({ "x-forwarded-for": "203.0.113.9", "x-forwarded-proto": "http" });
});

test("behind one proxy the last address counts, which that proxy wrote", () => {
  expect(seen({ "x-forwarded-for": "6.6.6.6, 198.51.100.7" }, 1)["x-forwarded-for"]).toBe("198.51.100.7");
});

test("behind two proxies it is the last but one, and what a visitor put before it is ignored", () => {
  expect(seen({ "x-forwarded-for": "6.6.6.6, 198.51.100.7, 10.0.0.1" }, 2)["x-forwarded-for"]).toBe("198.51.100.7");
});

test("a proxy that says nothing leaves the connection's own address", () => {
  expect(seen({}, 1)["x-forwarded-for"]).toBe("203.0.113.9");
});

test("our proxy's word on host and protocol is kept", () => {
  expect(
    seen({ "x-forwarded-for": "198.51.100.7", "x-forwarded-host": "mm.example.edu", "x-forwarded-proto": "https" }, 1),
  ).toMatchObject({
    "x-forwarded-host": "mm.example.edu",
    "x-forwarded-proto": "https",
  });
});
