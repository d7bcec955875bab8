import fc from "fast-check";
import { expect, test } from "vitest";
import { type Draft, type DraftEvent, type LocalDraft, open, reduce, saveStatus, wantsStore, wantsSync } from "./draft";

const local = (part: Partial<LocalDraft>): LocalDraft => ({
  source: "starter",
  rev: 0,
  synced: "starter",
  exerciseVersion: "v1",
  starter: "starter",
  savedAt: 0,
  ...part,
});
const opening = { starter: "starter", account: true, server: null, local: null, online: true };
const after = (draft: Draft, ...events: DraftEvent[]) => events.reduce(reduce, draft);
const mine: DraftEvent = { type: "owner", owner: "mine" };

test("a first visit starts with the starter and has nothing to save to the server until something is typed", () => {
  const draft = after(open(opening), mine);
  expect(draft.source).toBe("starter");
  expect(wantsSync(draft)).toBe(false);
  expect(wantsSync(after(draft, { type: "typed", source: "x" }))).toBe(true);
});

test("what a visitor without an account types never goes to the server", () => {
  const draft = after(
    open({ ...opening, account: false }),
    mine,
    { type: "typed", source: "x" },
    { type: "stored", source: "x" },
  );
  expect(wantsSync(draft)).toBe(false);
  expect(saveStatus(draft)).toBe("device");
});

test("work that only this device has wins over an unchanged server", () => {
  const draft = open({
    ...opening,
    server: { source: "a", rev: 3 },
    local: local({ source: "b", rev: 3, synced: "a" }),
  });
  expect(draft).toMatchObject({ source: "b", rev: 3, synced: "a", conflict: null });
  expect(wantsSync(after(draft, mine))).toBe(true);
});

test("a newer server wins over a device without changes of its own", () => {
  const draft = open({
    ...opening,
    server: { source: "new", rev: 4 },
    local: local({ source: "a", rev: 3, synced: "a" }),
  });
  expect(draft).toMatchObject({ source: "new", rev: 4, conflict: null });
});

test("two versions that both changed are a conflict in which nothing is lost", () => {
  const draft = open({
    ...opening,
    server: { source: "theirs", rev: 4 },
    local: local({ source: "mine", rev: 3, synced: "a" }),
  });
  expect(saveStatus(draft)).toBe("conflict");
  expect(after(draft, { type: "replaced" })).toMatchObject({ source: "theirs", rev: 4, conflict: null });
  const kept = after(draft, { type: "kept" }, mine);
  expect(kept).toMatchObject({ source: "mine", rev: 4, conflict: null });
  expect(wantsSync(kept)).toBe(true);
});

test("what a visitor typed before signing in is kept when the account has no draft", () => {
  const draft = open({ ...opening, local: local({ source: "typed signed out" }) });
  expect(draft.source).toBe("typed signed out");
  expect(wantsSync(after(draft, mine))).toBe(true);
});

test("text typed while a save is on its way still counts as unsaved", () => {
  const draft = after(
    open(opening),
    mine,
    { type: "typed", source: "one" },
    { type: "sending" },
    { type: "typed", source: "two" },
    { type: "accepted", rev: 1 },
  );
  expect(draft).toMatchObject({ rev: 1, synced: "one", source: "two" });
  expect(wantsSync(draft)).toBe(true);
});

test("a refusal with the very same text is no conflict", () => {
  const draft = after(
    open(opening),
    mine,
    { type: "typed", source: "x" },
    { type: "sending" },
    { type: "refused", other: { source: "x", rev: 7 } },
  );
  expect(draft).toMatchObject({ conflict: null, rev: 7 });
  expect(saveStatus(draft)).toBe("saved");
});

test("offline, and in a tab that does not own the draft, nothing is sent", () => {
  const typed = after(open(opening), mine, { type: "typed", source: "x" });
  expect(wantsSync(after(typed, { type: "online", online: false }))).toBe(false);
  expect(wantsSync(after(typed, { type: "owner", owner: "elsewhere" }))).toBe(false);
  expect(wantsStore(after(typed, { type: "owner", owner: "elsewhere" }))).toBe(false);
});

test("the status names the safest place that holds the text", () => {
  const typed = after(open(opening), mine, { type: "typed", source: "x" });
  expect(saveStatus(typed)).toBe("unsaved");
  expect(saveStatus(after(typed, { type: "stored", source: "x" }))).toBe("device");
  expect(saveStatus(after(typed, { type: "sending" }))).toBe("saving");
  expect(saveStatus(after(typed, { type: "sending" }, { type: "accepted", rev: 1 }))).toBe("saved");
});

test("whatever happens, the status is `saved` only if the server confirmed exactly this text", () => {
  const text = fc.constantFrom("a", "b", "c");
  const event: fc.Arbitrary<DraftEvent> = fc.oneof(
    fc.record({ type: fc.constant("typed" as const), source: text }),
    fc.record({ type: fc.constant("stored" as const), source: text }),
    fc.constant<DraftEvent>({ type: "sending" }),
    fc.constant<DraftEvent>({ type: "failed" }),
    fc.constant<DraftEvent>({ type: "kept" }),
    fc.record({ type: fc.constant("online" as const), online: fc.boolean() }),
  );
  fc.assert(
    fc.property(fc.array(event, { maxLength: 30 }), (events) => {
      let confirmed = "starter";
      let draft = after(open(opening), mine);
      for (const next of events) {
        draft = reduce(draft, next);
        if (draft.sending !== null) {
          confirmed = draft.sending;
          draft = reduce(draft, { type: "accepted", rev: draft.rev + 1 });
        }
        if (saveStatus(draft) === "saved") expect(draft.source).toBe(confirmed);
      }
    }),
  );
});
