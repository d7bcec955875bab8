import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { returnPath } from "./return-path";

const home = "/en/courses/linux-mm";

describe("returnPath", () => {
  it("goes back to a page of this site with its query and fragment", () => {
    expect(returnPath("/en/courses/linux-mm/exercises/split?t=1&step=4#r", "en")).toBe(
      "/en/courses/linux-mm/exercises/split?t=1&step=4#r",
    );
    expect(returnPath("/zh-CN/play", "en")).toBe("/zh-CN/play");
  });

  it.each([
    undefined,
    null,
    "",
    "https://elsewhere.example/en",
    "//elsewhere.example/en",
    "/\\elsewhere.example",
    "/en/\\..\\..//x",
    "javascript:alert(1)",
    "/api/auth/sign-out",
    "/en/../api/x",
    "/en\r\nSet-Cookie: a=b",
    "/en/sign-in",
  ])("goes to the course map instead of %j", (wish) => {
    expect(returnPath(wish, "en")).toBe(home);
  });

  it("never leaves the origin, whatever it is given", () => {
    const nasty = fc.stringMatching(/^[/\\@:.?#a-z\t en]{0,12}$/);
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          nasty,
          nasty.map((s) => `/en${s}`),
        ),
        (wish) => {
          expect(new URL(returnPath(wish, "en"), "https://here.example").origin).toBe("https://here.example");
        },
      ),
    );
  });
});
