// One draft as data: what the learner sees, what this device holds, what the server holds, and who may change it.
// Theory: every change is an event into `reduce`; timers, storage and the network live in use-draft.client.ts and only send events.
//         `synced` is the text of revision `rev` on the server. Text that differs from it is work that exists nowhere else.

/** A draft as the server keeps it. */
export interface ServerDraft {
  readonly source: string;
  readonly rev: number;
}

/** A draft as IndexedDB keeps it. */
export interface LocalDraft {
  readonly source: string;
  /** The server revision that `source` was typed on top of; 0 if the server never had one. */
  readonly rev: number;
  /** Text of that revision; the starter if the server never had one. */
  readonly synced: string;
  readonly exerciseVersion: string;
  /** The starter of that version, to show what a correction changed. */
  readonly starter: string;
  readonly savedAt: number;
}

/** Who may change the draft: `asking` before the lock has answered, `elsewhere` while another tab holds it. */
export type Ownership = "asking" | "mine" | "elsewhere";

export interface Draft {
  readonly source: string;
  /** Text that IndexedDB holds. */
  readonly stored: string | null;
  readonly rev: number;
  readonly synced: string;
  /** Text on its way to the server. */
  readonly sending: string | null;
  readonly online: boolean;
  readonly owner: Ownership;
  /** False for a visitor without an account: such a draft never leaves the device. */
  readonly account: boolean;
  /** Set while the learner has to choose between two versions. */
  readonly conflict: ServerDraft | null;
  /** The last attempt to reach the server failed; cleared by the next success. */
  readonly failing: boolean;
}

export type DraftEvent =
  | { readonly type: "typed"; readonly source: string }
  | { readonly type: "stored"; readonly source: string }
  | { readonly type: "sending" }
  | { readonly type: "accepted"; readonly rev: number }
  | { readonly type: "refused"; readonly other: ServerDraft }
  | { readonly type: "failed" }
  | { readonly type: "online"; readonly online: boolean }
  | { readonly type: "owner"; readonly owner: Ownership }
  | { readonly type: "adopted"; readonly draft: LocalDraft }
  | { readonly type: "kept" }
  | { readonly type: "replaced" };

/** What the status line says about the draft. */
export type SaveStatus = "saved" | "unsaved" | "saving" | "device" | "readOnly" | "conflict";

export function reduce(draft: Draft, event: DraftEvent): Draft {
  switch (event.type) {
    case "typed":
      return event.source === draft.source ? draft : { ...draft, source: event.source };
    case "stored":
      return { ...draft, stored: event.source };
    case "sending":
      return { ...draft, sending: draft.source };
    case "accepted":
      return { ...draft, rev: event.rev, synced: draft.sending ?? draft.synced, sending: null, failing: false };
    case "refused":
      return event.other.source === draft.source
        ? { ...draft, sending: null, failing: false, rev: event.other.rev, synced: event.other.source }
        : { ...draft, sending: null, failing: false, conflict: event.other };
    case "failed":
      return { ...draft, sending: null, failing: true };
    case "online":
      return { ...draft, online: event.online, failing: event.online ? false : draft.failing };
    case "owner":
      return { ...draft, owner: event.owner };
    case "adopted":
      return {
        ...draft,
        source: event.draft.source,
        stored: event.draft.source,
        rev: Math.max(event.draft.rev, draft.rev),
        synced: event.draft.rev >= draft.rev ? event.draft.synced : draft.synced,
      };
    case "kept":
      // The other version's revision becomes the base, so the next save replaces it on purpose.
      return draft.conflict
        ? { ...draft, rev: draft.conflict.rev, synced: draft.conflict.source, conflict: null }
        : draft;
    case "replaced":
      return draft.conflict
        ? {
            ...draft,
            source: draft.conflict.source,
            rev: draft.conflict.rev,
            synced: draft.conflict.source,
            conflict: null,
          }
        : draft;
  }
}

/** True if the draft should go to the server as soon as the pause after typing is over. */
export function wantsSync(draft: Draft): boolean {
  return (
    draft.account &&
    draft.owner === "mine" &&
    draft.online &&
    draft.conflict === null &&
    draft.sending === null &&
    draft.source !== draft.synced
  );
}

export function wantsStore(draft: Draft): boolean {
  return draft.owner === "mine" && draft.source !== draft.stored;
}

export function saveStatus(draft: Draft): SaveStatus {
  if (draft.conflict) return "conflict";
  if (draft.owner === "elsewhere") return "readOnly";
  if (draft.account && draft.source === draft.synced) return "saved";
  if (draft.sending !== null) return "saving";
  if (draft.source === draft.stored) return "device";
  return "unsaved";
}

export interface Opening {
  readonly starter: string;
  readonly account: boolean;
  readonly server: ServerDraft | null;
  readonly local: LocalDraft | null;
  readonly online: boolean;
}

/** The draft to begin with: the newest work wins, and two versions that both changed are a conflict. */
export function open({ starter, account, server, local, online }: Opening): Draft {
  const base = { sending: null, online, owner: "asking", account, conflict: null, failing: false } as const;
  const rev = server?.rev ?? 0;
  // An untouched starter is nothing to save: opening an exercise must not look like having begun it.
  const synced = server?.source ?? starter;
  if (!local) return { ...base, source: synced, stored: null, rev, synced };
  const changedHere = local.source !== local.synced;
  const changedThere = server !== null && server.rev !== local.rev;
  if (!changedHere || local.source === synced) {
    return { ...base, source: server ? synced : local.source, stored: local.source, rev, synced };
  }
  if (changedThere)
    return {
      ...base,
      source: local.source,
      stored: local.source,
      rev: local.rev,
      synced: local.synced,
      conflict: server,
    };
  return { ...base, source: local.source, stored: local.source, rev, synced };
}
