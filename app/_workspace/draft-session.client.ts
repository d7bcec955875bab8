"use client";
// One open draft: sends events into the rules of draft.ts and does what they ask for: store, send, own, hand over.
// Theory: one tab owns a draft by holding a named lock. The others wait for the lock, show what the owner stores, and may ask
//         for it; the owner then stores what it has, lets go and waits in turn.
import {
  type Draft,
  type DraftEvent,
  type LocalDraft,
  open,
  reduce,
  type ServerDraft,
  wantsStore,
  wantsSync,
} from "./draft";
import { pickLocal, put } from "./draft-sources.client";
import {
  type DraftPlace,
  guest,
  placeName,
  readDraft,
  readSnapshots,
  writeDraft,
  writeSnapshot,
} from "./draft-store.client";
import type { Cause, Snapshot } from "./snapshots";

const storePauseMs = 400;
const sendPauseMs = 2_000;
const sendEveryMs = 10_000;
const askForMs = 1_000;

export interface DraftOptions {
  readonly place: DraftPlace;
  readonly starter: string;
  readonly exerciseVersion: string;
  readonly server: ServerDraft | null;
  /** The editor must show this text now: it comes from this device, another tab or another device. */
  readonly onReplace: (source: string) => void;
}

export interface DraftView {
  readonly draft: Draft;
  readonly snapshots: readonly Snapshot[];
  /** When the work was stored that this device brought back; null if it brought nothing back. */
  readonly restoredAt: number | null;
  /** The starter that the draft began from, if the exercise has been corrected since. */
  readonly correctedSince: string | null;
}

/** `ask`: let me have it. `ready`: everything of mine is stored, take the lock. `stored`: this is the newest text. */
type TabMessage = { readonly type: "ask" | "ready" } | { readonly type: "stored"; readonly draft: LocalDraft };

export type DraftSession = ReturnType<typeof openDraftSession>;

export function openDraftSession({ place, starter, exerciseVersion, server, onReplace }: DraftOptions) {
  const account = place.owner !== guest;
  let base = { exerciseVersion, starter };
  let view: DraftView = {
    draft: open({ starter, account, server, local: null, online: true }),
    snapshots: [],
    restoredAt: null,
    correctedSince: null,
  };
  const listeners = new Set<() => void>();
  const channel = new BroadcastChannel(placeName(place));
  const stopped = new AbortController();
  let release: () => void = () => undefined;
  let turn = new AbortController();
  let taking = false;
  let asked = false;
  let storeTimer: ReturnType<typeof setTimeout> | undefined;
  let sendTimer: ReturnType<typeof setTimeout> | undefined;
  let sentAt = 0;

  function change(next: Partial<DraftView>) {
    view = { ...view, ...next };
    for (const listener of listeners) listener();
  }

  function send(event: DraftEvent) {
    change({ draft: reduce(view.draft, event) });
    if (wantsStore(view.draft)) storeTimer ??= setTimeout(() => void store(), storePauseMs);
    if (wantsSync(view.draft))
      sendTimer ??= setTimeout(() => void sync(), Math.max(sendPauseMs, sentAt + sendEveryMs - Date.now()));
  }

  /** A key restarts both pauses. */
  function type(source: string) {
    clearTimeout(storeTimer);
    clearTimeout(sendTimer);
    storeTimer = sendTimer = undefined;
    send({ type: "typed", source });
  }

  const localDraft = (): LocalDraft => ({
    source: view.draft.source,
    rev: view.draft.rev,
    synced: view.draft.synced,
    savedAt: Date.now(),
    ...base,
  });

  async function store() {
    clearTimeout(storeTimer);
    storeTimer = undefined;
    if (view.draft.owner !== "mine") return;
    const draft = localDraft();
    if (!(await writeDraft(place, draft))) return;
    // The page may have gone on meanwhile: stored, but nobody is left to tell.
    if (stopped.signal.aborted) return;
    channel.postMessage({ type: "stored", draft } satisfies TabMessage);
    send({ type: "stored", source: draft.source });
  }

  async function sync(keepalive?: "keepalive") {
    clearTimeout(sendTimer);
    sendTimer = undefined;
    if (!wantsSync(view.draft)) return;
    sentAt = Date.now();
    send({ type: "sending" });
    send(await put(place.exercise, view.draft.sending ?? "", view.draft.rev, keepalive === "keepalive"));
    if (view.draft.conflict) await keepSnapshot("conflict", view.draft.conflict.source);
    // The revision belongs to what the device remembers, or the next visit would see a conflict with itself.
    await store();
  }

  async function saveNow() {
    await store();
    await sync();
  }

  async function keepSnapshot(cause: Cause, source = view.draft.source) {
    change({ snapshots: await writeSnapshot(place, { id: crypto.randomUUID(), at: Date.now(), cause, source }) });
  }

  function show(source: string) {
    if (source !== view.draft.source) onReplace(source);
  }

  async function begin() {
    const local = await pickLocal(place);
    const draft = open({ starter, account, server, local, online: navigator.onLine });
    if (stopped.signal.aborted) return;
    // A key typed while the device was still reading wins: it is the newest work.
    const typed = view.draft.source !== (server?.source ?? starter) ? view.draft.source : null;
    if (local && local.exerciseVersion !== exerciseVersion && local.source !== local.starter) {
      base = { exerciseVersion: local.exerciseVersion, starter: local.starter };
    }
    show(typed ?? draft.source);
    change({
      draft: { ...draft, source: typed ?? draft.source, owner: view.draft.owner },
      snapshots: await readSnapshots(place),
      restoredAt:
        local && draft.source === local.source && draft.source !== (server?.source ?? starter) ? local.savedAt : null,
      correctedSince: base.starter === starter ? null : base.starter,
    });
    if (draft.conflict) await keepSnapshot("conflict", draft.conflict.source);
    await own();
  }

  async function own(): Promise<void> {
    if (!("locks" in navigator)) return send({ type: "owner", owner: "mine" });
    let options: LockOptions = { ifAvailable: true };
    while (!stopped.signal.aborted) {
      try {
        await navigator.locks.request(placeName(place), options, async (lock) => {
          if (lock) await hold();
        });
      } catch (error) {
        // Another tab took the lock, this one left the queue to take it, or the page closed: all of them mean "next turn".
        if (!(error instanceof DOMException && error.name === "AbortError")) throw error;
      }
      if (view.draft.owner !== "elsewhere") send({ type: "owner", owner: "elsewhere" });
      turn = new AbortController();
      options = taking ? { steal: true } : { signal: turn.signal };
      taking = false;
    }
  }

  /** Owns the draft, with the text that the former owner stored, until `release`. */
  async function hold() {
    const newest = view.draft.owner === "elsewhere" ? await readDraft(place) : null;
    if (newest) {
      show(newest.source);
      send({ type: "adopted", draft: newest });
    }
    send({ type: "owner", owner: "mine" });
    await new Promise<void>((resolve) => {
      release = resolve;
    });
  }

  function take() {
    if (view.draft.owner !== "elsewhere") return;
    taking = true;
    turn.abort();
  }

  channel.onmessage = async ({ data }: MessageEvent<TabMessage>) => {
    if (data.type === "ask" && view.draft.owner === "mine") {
      await keepSnapshot("takeover");
      await saveNow();
      send({ type: "owner", owner: "elsewhere" });
      channel.postMessage({ type: "ready" } satisfies TabMessage);
    }
    if (data.type === "ready" && asked) {
      asked = false;
      take();
    }
    if (data.type === "stored" && view.draft.owner === "elsewhere") {
      show(data.draft.source);
      send({ type: "adopted", draft: data.draft });
    }
  };

  const on = { signal: stopped.signal };
  window.addEventListener(
    "online",
    () => {
      send({ type: "online", online: true });
      void sync();
    },
    on,
  );
  window.addEventListener("offline", () => send({ type: "online", online: false }), on);
  window.addEventListener(
    "pagehide",
    () => {
      void store();
      void sync("keepalive");
    },
    on,
  );
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && void store(), on);
  void begin();

  return {
    view: () => view,
    subscribe(listener: () => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    type,
    saveNow,
    keepSnapshot,
    takeOver() {
      asked = true;
      channel.postMessage({ type: "ask" } satisfies TabMessage);
      // A frozen or crashed owner does not answer; what it stored last is then the newest there is.
      setTimeout(() => {
        if (asked) take();
        asked = false;
      }, askForMs);
    },
    async resolve(choice: "mine" | "theirs") {
      if (!view.draft.conflict) return;
      if (choice === "theirs") {
        await keepSnapshot("conflict");
        onReplace(view.draft.conflict.source);
      }
      send({ type: choice === "mine" ? "kept" : "replaced" });
      await saveNow();
    },
    /** The learner has seen that the exercise was corrected. */
    acceptCorrection() {
      base = { exerciseVersion, starter };
      change({ correctedSince: null });
      void store();
    },
    dismissRestored: () => change({ restoredAt: null }),
    close() {
      void store();
      stopped.abort();
      turn.abort();
      release();
      channel.close();
      clearTimeout(sendTimer);
    },
  };
}
